"""Who works in a repository, by git's configuration."""

import subprocess
from pathlib import Path

TIMEOUT_S = 5


def git_user(folder: Path) -> str:
    """The `user.name` that git knows in a folder; empty where there is none or no git."""
    try:
        found = subprocess.run(
            ["git", "config", "--get", "user.name"],
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
