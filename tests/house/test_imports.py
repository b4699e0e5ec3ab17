import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_two_arrows_hold():
    """The contracts are in pyproject.toml; `make lint` prints the same."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
