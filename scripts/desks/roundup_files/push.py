"""A detector for Roundup that tells the bridge, signed, that an issue changed. The texts stay here: it asks for them.

Copy it into the tracker's `detectors` folder; set BRIDGE_HOOK_URL and BRIDGE_HOOK_SECRET where Roundup runs.
"""

import hashlib
import hmac
import json
import logging
import os
import urllib.request

URL = os.environ.get("BRIDGE_HOOK_URL", "")
SECRET = os.environ.get("BRIDGE_HOOK_SECRET", "").encode()


def tell(db, cl, nodeid, oldvalues):  # noqa: ANN001, ANN201 - Roundup's signature
    """Send the number of the issue; a bridge that does not answer never disturbs the tracker."""
    body = json.dumps({"event": "changed" if oldvalues else "created", "issue": nodeid}).encode()
    signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Bridge-Signature": signature}
    try:
        urllib.request.urlopen(urllib.request.Request(URL, body, headers), timeout=3).close()  # noqa: S310 - configured
    except OSError as error:
        logging.getLogger("roundup.bridge").warning("the bridge was not told of issue %s: %s", nodeid, error)


def init(db):  # noqa: ANN001, ANN201 - Roundup's signature
    """Called by Roundup."""
    if URL:
        db.issue.react("create", tell, priority=200)
        db.issue.react("set", tell, priority=200)
