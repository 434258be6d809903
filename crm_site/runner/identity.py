"""Under whose name the embedded PostgreSQL runs: it refuses root, so root needs somebody else for it."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field

from .console import Problem

STAND_INS = ("postgres", "nobody")


@dataclass(frozen=True)
class Identity:
    """How to start a process as somebody: arguments for Popen, or a command in front. `uid` will own its files."""

    uid: int
    gid: int
    popen: dict = field(default_factory=dict)
    prefix: tuple = ()


SELF = Identity(os.geteuid(), os.getegid())


def for_postgres(program, folder):
    """Somebody who is not root and can run `program` and enter `folder`. Raises Problem.

    Tried in this order: ourselves; the system's postgres or nobody; ourselves under another number in a user namespace.
    """
    if os.geteuid() != 0:
        return SELF
    for name in STAND_INS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        someone = Identity(
            user.pw_uid, user.pw_gid, popen={"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        )
        if can_use(someone, program, folder):
            return someone
    number = pwd.getpwnam("nobody").pw_uid if "nobody" in {user.pw_name for user in pwd.getpwall()} else 65534
    renamed = Identity(0, 0, prefix=("unshare", "--user", f"--map-user={number}", f"--map-group={number}"))
    if shutil.which("unshare") and can_use(renamed, program, folder):
        return renamed
    raise Problem(
        f"PostgreSQL refuses to run as root and no other user can enter {program.parent} and {folder}: start Keke as "
        "an ordinary user, or keep it in a folder that everybody may enter (such as /srv/keke)."
    )


def can_use(identity, program, folder):
    test = ["/bin/sh", "-c", 'cd "$1" && "$0" --version', program, folder]
    try:
        done = subprocess.run([*identity.prefix, *test], capture_output=True, cwd="/", **identity.popen)  # noqa: S603
    except OSError:
        return False
    return done.returncode == 0


def give(folder, identity):
    """Make `identity` the owner of a folder and all in it, if it is not yet. Raises Problem when we may not."""
    if folder.stat().st_uid == identity.uid:
        return
    if os.geteuid() != 0:
        raise Problem(
            f"The folder {folder} belongs to another user: start Keke as that user, or give it to yourself "
            f"(sudo chown -R {os.geteuid()} {folder})."
        )
    for place, _folders, files in os.walk(folder):
        for path in (place, *(os.path.join(place, file) for file in files)):
            os.chown(path, identity.uid, identity.gid, follow_symlinks=False)
