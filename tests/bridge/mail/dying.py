"""A receiver that commits and never answers; its arguments are a folder, a database and the recipient."""

import sys
import time
from pathlib import Path

from bridge.desks.mail import arriving
from community.core.app import create_app
from community.core.mail.receiving import receive
from community.core.settings import Settings


def main() -> None:
    """Take the message over, say so, and linger until killed."""
    home, url, recipient = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    assert arriving.KIND
    secret = "for tests only, not a secret at all"
    settings = Settings(home=home, secret_key=secret, database_url=url, public_url="http://localhost")
    app = create_app(settings, packages=("community", "bridge"))
    with app.test_request_context():
        receive((home / "mail").read_bytes(), [recipient])
    (home / "committed").touch()
    time.sleep(60)


if __name__ == "__main__":
    main()
