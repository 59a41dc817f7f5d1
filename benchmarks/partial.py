"""The product with some of its packages, as BENCH_PACKAGES names them, for gunicorn."""

import os

from community.core import worker
from community.core.app import create_app
from community.core.forking import ready_to_fork
from community.core.settings import settings_from_environment

app = create_app(settings_from_environment(), packages=tuple(os.environ["BENCH_PACKAGES"].split(",")))
worker.build(app)
ready_to_fork(app)
