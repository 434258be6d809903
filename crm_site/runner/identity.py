"""Under whose name the embedded PostgreSQL runs: it refuses root, so root needs somebody else for it."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field

from .console import Problem

STAND_INS = ("postgres", "nobody")
NOBODY = 65534


@dataclass(frozen=True)
class Identity:
    """How to start a process as somebody: arguments for Popen, or a command in front. `uid` will own its files."""

    uid: int
    gid: int
    popen: dict = field(default_factory=dict)
    prefix: tuple = ()


SELF = Identity(os.geteuid(), os.getegid())


def for_postgres(program, folder):
    """Somebody who is not root, has a name, can run `program` and enter `folder`. Raises Problem.

    Tried in this order: ourselves; as root, the system's postgres or nobody; ourselves renamed in a user namespace.
    """
    if os.geteuid() != 0 and name_of(os.geteuid()):
        return SELF
    for candidate in [*(stand_ins() if os.geteuid() == 0 else []), *renamed()]:
        if can_use(candidate, program, folder):
            return candidate
    if os.geteuid() != 0:
        raise Problem(
            f"PostgreSQL needs a user with a name: add one for number {os.geteuid()} (useradd), or use another."
        )
    raise Problem(
        f"PostgreSQL refuses to run as root and no other user can enter {program.parent} and {folder}: start Keke as "
        "an ordinary user, or keep it in a folder that everybody may enter (such as /srv/keke)."
    )


def name_of(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def stand_ins():
    users = {user.pw_name: user for user in pwd.getpwall()}
    for user in filter(None, map(users.get, STAND_INS)):
        yield Identity(user.pw_uid, user.pw_gid, popen={"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []})


def renamed():
    """We keep our rights over our files, but the program inside sees itself as nobody."""
    if shutil.which("unshare") and name_of(NOBODY):
        number = f"--map-user={NOBODY}", f"--map-group={NOBODY}"
        yield Identity(SELF.uid, SELF.gid, prefix=("unshare", "--user", *number))


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
