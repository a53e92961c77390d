import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.local import start_redis, stop_redis
from planner.errors import Misconfigured


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    stop_redis(tmp_path)


def connect(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, decode_responses=True, socket_timeout=5)


def server_pid(url: str) -> int:
    with connect(url) as client:
        return int(client.info("server")["process_id"])


def another_process(home: Path, code: str) -> "subprocess.Popen[str]":
    """A process that starts the Redis of `home`, says its URL, runs `code` and waits."""
    program = f"""
import sys, time, redis
from pathlib import Path
from bot.local import start_redis, stop_redis
home = Path(sys.argv[1])
url = start_redis(home)
{code}
print(url, flush=True)
time.sleep(60)
"""
    return subprocess.Popen(
        [sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE, text=True
    )


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_nothing_acknowledged_is_lost_when_everything_is_killed(home: Path) -> None:
    first = another_process(
        home, "client = redis.Redis.from_url(url)\nfor n in range(5000): client.set(f'k{n}', n)"
    )
    url = said(first)
    os.kill(server_pid(url), signal.SIGKILL)
    kill(first)

    with connect(start_redis(home)) as client:
        assert client.dbsize() == 5000
        assert client.get("k4999") == "4999"


def test_the_server_outlives_the_process_that_started_it(home: Path) -> None:
    first = another_process(home, "")
    pid = server_pid(said(first))
    kill(first)

    assert server_pid(start_redis(home)) == pid


def test_processes_starting_at_once_share_one_server(home: Path) -> None:
    processes = [another_process(home, "") for _ in range(4)]
    pids = {server_pid(said(process)) for process in processes}
    for process in processes:
        kill(process)

    assert len(pids) == 1


def test_only_the_last_user_stops_it(home: Path) -> None:
    first = another_process(home, "")
    url = said(first)
    start_redis(home)

    assert not stop_redis(home)
    assert server_pid(url)
    kill(first)
    start_redis(home)
    assert stop_redis(home)
    with pytest.raises(redis.ConnectionError), connect(url) as client:
        client.ping()


def test_a_server_killed_under_us_is_started_again(home: Path) -> None:
    url = start_redis(home)
    with connect(url) as client:
        client.set("kept", "yes")
    os.kill(server_pid(url), signal.SIGKILL)

    with connect(start_redis(home)) as client:
        assert client.get("kept") == "yes"


def test_it_is_durable_private_and_never_evicts(home: Path) -> None:
    url = start_redis(home)
    with connect(url) as client:
        settings = client.config_get("*")
        assert not any(module["path"] for module in client.module_list())

    assert settings["appendonly"] == "yes"
    assert settings["maxmemory-policy"] == "noeviction"
    assert settings["port"] == "0"
    assert Path(settings["unixsocket"]).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["a folder with % and spaces", "客戶", "long" * 40])
def test_any_home_will_do(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    with connect(start_redis(home)) as client:
        assert client.ping()
        folder = Path(client.config_get("unixsocket")["unixsocket"]).parent
    assert stop_redis(home)
    assert folder == home / "redis" or not folder.exists()


def test_a_broken_file_is_told_in_a_sentence(home: Path) -> None:
    start_redis(home)
    stop_redis(home)
    (home / "redis" / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")

    with pytest.raises(Misconfigured, match=r"Redis did not start: .* set REDIS_URL"):
        start_redis(home)


def test_a_home_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Misconfigured, match="DIVISI_HOME"):
        start_redis(tmp_path / "file" / "home")
