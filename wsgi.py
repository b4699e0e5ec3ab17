"""What a WSGI server and the `flask` command load: the application, and the demonstration data's command."""

import sys

from app import create_app
from app.config import ConfigError
from seeds.cli import seed

try:
    app = create_app()
except ConfigError as wrong:
    print(f"Meridian does not start: {wrong}", file=sys.stderr)
    raise SystemExit(3) from wrong  # 3 tells gunicorn not to try again

app.cli.add_command(seed)
