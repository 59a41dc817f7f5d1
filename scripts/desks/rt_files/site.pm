# A Request Tracker for tests: one machine, one file as its database, mail into files.
Set($rtname, 'desk.test');
Set($Organization, 'desk.test');
Set($Timezone, 'America/St_Johns');    # not ours, so that a time without its zone would be noticed
Set($WebDomain, '127.0.0.1');
Set($WebPort, @PORT@);
Set($WebBaseURL, 'http://127.0.0.1:@PORT@');
Set($WebPath, '');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '@HOME@/rt.sqlite3');
Set($MasonDataDir, '@HOME@/mason');
Set($MasonSessionDir, '@HOME@/sessions');
Set($BcryptCost, 4);    # each request checks a key
Set($MailCommand, 'testfile');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
1;
