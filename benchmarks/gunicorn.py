"""How gunicorn runs what is measured; the number of workers and the address come from the command line."""

worker_class = "sync"
preload_app = True
worker_tmp_dir = "/dev/shm"
timeout = 60
graceful_timeout = 5
loglevel = "warning"
accesslog = None
