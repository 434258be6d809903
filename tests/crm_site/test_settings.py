"""What settings refuse: nobody is served on the key that everybody can read in the source."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
WEB = ["-c", "import crm_site.wsgi"]
WORKER = ["-m", "celery", "-A", "crm_site", "worker", "--pool", "solo"]
BEAT = ["-m", "celery", "-A", "crm_site", "beat", "--schedule", "{folder}/schedule", "--pidfile", ""]


def python(arguments, tmp_path, **more):
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"} | more
    environment |= {"REDIS_URL": f"unix://{tmp_path}/nobody.sock?db=0", "DJANGO_SETTINGS_MODULE": "crm_site.settings"}
    command = [sys.executable, *(word.format(folder=tmp_path) for word in arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("program", [WEB, WORKER, BEAT], ids=["web", "worker", "beat"])
def test_without_a_secret_nobody_is_served(program, tmp_path):
    done = python(program, tmp_path)
    assert done.returncode == 1
    assert "set SECRET_KEY to a long random text" in done.stderr.splitlines()[-1]


def test_with_a_secret_the_web_application_is_there(tmp_path):
    done = python(WEB, tmp_path, SECRET_KEY="x" * 50)
    assert done.returncode == 0, done.stderr


def test_commands_need_no_secret(tmp_path):
    done = python(["-m", "django", "diffsettings"], tmp_path)
    assert done.returncode == 0, done.stderr
