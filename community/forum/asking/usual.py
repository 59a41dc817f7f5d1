"""The fields that most spaces begin with, in the languages of the pages."""

from .templates import AskedField, Look

USUAL = {
    "en": (
        AskedField("", "Product or service", "The program, device or service that it is about.", required=True),
        AskedField("", "Version", "As it is shown under “About”.", Look.VERSION),
        AskedField("", "Site", "Where you are: office, plant, at home."),
        AskedField("", "What happened", "What did you do, and what did you see? Word for word.", Look.TEXT, True),
        AskedField("", "What did you expect", "What should have happened instead?", Look.TEXT),
        AskedField("", "What have you tried", "So that nobody tells you to do it again.", Look.TEXT),
        AskedField("", "What can you not do now", "What stands still because of it, and for whom?", Look.TEXT),
    ),
    "zh-Hans": (
        AskedField("", "产品或服务", "与哪个程序、设备或服务有关。", required=True),
        AskedField("", "版本", "“关于”中显示的版本号。", Look.VERSION),
        AskedField("", "地点", "您在哪里：办公室、工厂、家里。"),
        AskedField("", "发生了什么", "您做了什么，看到了什么？请照原文写。", Look.TEXT, True),
        AskedField("", "您原本期望什么", "本来应该怎样？", Look.TEXT),
        AskedField("", "您试过什么", "这样别人就不会再让您做一遍。", Look.TEXT),
        AskedField("", "现在有什么做不了", "哪些工作因此停了下来，影响到谁？", Look.TEXT),
    ),
    "zh-Hant": (
        AskedField("", "產品或服務", "與哪個程式、裝置或服務有關。", required=True),
        AskedField("", "版本", "「關於」中顯示的版本號碼。", Look.VERSION),
        AskedField("", "地點", "您在哪裡：辦公室、工廠、家裡。"),
        AskedField("", "發生了什麼", "您做了什麼，看到了什麼？請照原文寫。", Look.TEXT, True),
        AskedField("", "您原本期望什麼", "本來應該怎樣？", Look.TEXT),
        AskedField("", "您試過什麼", "這樣別人就不會再讓您做一遍。", Look.TEXT),
        AskedField("", "現在有什麼做不了", "哪些工作因此停了下來，影響到誰？", Look.TEXT),
    ),
}
