"""`deploy/cluster/try`: the machines of docs/operate/several-machines.md on loopback addresses.

The files of deploy/cluster are used as they are; only 10.77.0.x becomes 127.77.0.x, and folders become ones
below a temporary one. Wants root, and Debian 12's patroni, etcd-server, pgbouncer, haproxy and postgresql-15.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from civicforum.config import ROOT
from civicforum.serve import web_command

FILES = ROOT / "deploy" / "cluster"
DATABASES = {"db1": "127.77.0.11", "db2": "127.77.0.12"}
PROXY = "127.77.0.13"
APPS = {"app1": "127.77.0.21", "app2": "127.77.0.22"}
HOST = "minyi.example.cn"
SUPERUSER_PASSWORD = "change-me-superuser"  # noqa: S105 - of servers on loopback that live for minutes
PROGRAMS = ("etcd", "patroni", "patronictl", "pgbouncer", "haproxy", "openssl")
START_SECONDS = 90.0


@dataclass
class Cluster:
    """All processes of the trial, by name, such as "patroni db1"."""

    folder: Path
    environment: dict[str, dict[str, str]] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _commands: dict[str, tuple[list[str], dict[str, str], bool]] = field(default_factory=dict)

    def start_databases(self) -> None:
        """Return when there are a primary and a standby that each commit waits for."""
        for name, address in (*DATABASES.items(), ("proxy", PROXY)):
            self._start_etcd(name, address)
        for name in DATABASES:
            self.start_patroni(name)
        wait_until(self.is_whole, "a primary and its standby")

    def start_patroni(self, name: str) -> None:
        run = self.folder / f"{name}-run"
        run.mkdir(exist_ok=True)
        shutil.chown(run, "postgres")
        config = self._write(
            "patroni.yml",
            name,
            DATABASES[name],
            {
                "10.77.0.0/24": "127.0.0.0/8",
                "/var/lib/postgresql/15/civicforum": str(self.folder / f"{name}-data"),
                "/var/lib/postgresql/patroni.pgpass": str(self.folder / f"{name}-pgpass"),
                "/var/run/postgresql": str(self.folder / f"{name}-run"),
                # No watchdog of this machine: it would restart it.
                "mode: automatic": 'mode: "off"',
            },
        )
        self._start(f"patroni {name}", ["patroni", str(config)], as_postgres=True)

    def start_ways_to_the_database(self) -> None:
        """Start HAProxy and PgBouncer of each app machine."""
        for name, address in APPS.items():
            own = {"127.0.0.1": address, "/etc/pgbouncer": str(self.folder)}
            own |= {"/var/log/postgresql/pgbouncer": str(self.folder / f"{name}-pgbouncer")}
            own |= {"/var/run/postgresql/pgbouncer": str(self.folder / f"{name}-pgbouncer")}
            self._write("userlist.txt", "", "", {}, plain=True)
            haproxy = self._write("haproxy-db.cfg", name, address, own)
            pgbouncer = self._write("pgbouncer.ini", name, address, own)
            self._start(f"haproxy {name}", ["haproxy", "-db", "-f", str(haproxy)])
            self._start(f"pgbouncer {name}", ["pgbouncer", str(pgbouncer)], as_postgres=True)

    def read_environments(self) -> None:
        """Read what the app machines are told, with keys made for this trial."""
        keys = self.folder / "poll-keys"
        keys.mkdir(mode=0o700)
        made = {name: secrets.token_hex(32) for name in ("SECRET_KEY", "IDENTITY_KEY")}
        for name, address in APPS.items():
            instance = self.folder / name
            instance.mkdir()
            # Stands for the folder that both machines mount.
            (instance / "poll-keys").symlink_to(keys)
            own = {"127.0.0.1": address, "/var/lib/civicforum": str(instance)}
            lines = self._write("civicforum.env", name, address, own).read_text().splitlines()
            given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
            given |= {f"CIVICFORUM_{key}": value for key, value in made.items()}
            self.environment[name] = given

    def start_apps(self) -> None:
        for name in APPS:
            self.start_app(name)
        pem = self.folder / "civicforum.pem"
        certify(pem)
        front = self._write("haproxy-front.cfg", "proxy", PROXY, {"/etc/haproxy/civicforum.pem": str(pem)})
        self._start("haproxy proxy", ["haproxy", "-db", "-f", str(front)])

    def start_app(self, name: str) -> None:
        web = web_command(f"{APPS[name]}:8000", workers=2)
        self._start(f"web {name}", web, environment=self.environment[name])
        command = [sys.executable, "-m", "civicforum", "worker"]
        self._start(f"worker {name}", command, environment=self.environment[name])

    def keep_workers(self) -> None:
        """Start again what has ended by itself, as systemd does."""
        for name in APPS:
            if self.running[f"worker {name}"].poll() is not None:
                self.start_again(f"worker {name}")

    def start_again(self, name: str) -> None:
        command, environment, as_postgres = self._commands[name]
        self._start(name, command, environment=environment, as_postgres=as_postgres)

    def kill(self, *names: str) -> None:
        """End processes and all of theirs at once with SIGKILL."""
        for name in names:
            for pid in (*family(self.running[name].pid), *self._postgres_of(name)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.running[name].wait()

    def _postgres_of(self, name: str) -> list[int]:
        """Return the processes of the PostgreSQL that a Patroni has started: they are no children of it."""
        kind, _, machine = name.partition(" ")
        file = self.folder / f"{machine}-data" / "postmaster.pid"
        return family(int(file.read_text().split()[0])) if kind == "patroni" and file.exists() else []

    def roles(self) -> dict[str, str]:
        """Return what each database is, as Patroni says: "leader", "sync_standby", "replica"; {} for none."""
        for address in DATABASES.values():
            with suppress(OSError, ValueError, KeyError):
                with urllib.request.urlopen(f"http://{address}:8008/cluster", timeout=2) as answer:
                    members = json.load(answer)["members"]
                up = {"running", "streaming"}
                return {member["name"]: member["role"] for member in members if member["state"] in up}
        return {}

    def is_whole(self) -> bool:
        """Tell whether there are a primary and a standby that each commit waits for."""
        if sorted(self.roles().values()) != ["leader", "sync_standby"]:
            return False
        with suppress(psycopg.OperationalError, StopIteration), self._superuser() as connection:
            return connection.execute("SELECT sync_state FROM pg_stat_replication").fetchall() == [("sync",)]
        return False

    def primary(self) -> str:
        return next(name for name, role in self.roles().items() if role == "leader")

    def switch_over(self) -> None:
        """Let primary and standby change places, as before maintenance."""
        command = ["patronictl", "-c", str(self.folder / "db1-patroni.yml"), "switchover", "--force"]
        subprocess.run([*command, "civicforum"], check=True, capture_output=True, timeout=60)  # noqa: S603

    def run(self, name: str, *arguments: str) -> str:
        """Run a command of civicforum on an app machine to its end; return what it says."""
        command = [sys.executable, "-m", "civicforum", *arguments]
        environment = os.environ | self.environment[name]
        done = subprocess.run(  # noqa: S603
            command, env=environment, capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def make_database(self) -> None:
        with self._superuser() as connection:
            connection.execute("CREATE ROLE civicforum LOGIN PASSWORD 'change-me-application'")
            connection.execute("CREATE DATABASE civicforum OWNER civicforum TEMPLATE template0")

    def _superuser(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=DATABASES[self.primary()],
            user="postgres",
            password=SUPERUSER_PASSWORD,
            dbname="postgres",
            autocommit=True,
            connect_timeout=3,
        )

    def end(self) -> None:
        """End everything, and remove the folder."""
        for name in reversed(self.running):
            self.kill(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_etcd(self, name: str, address: str) -> None:
        lines = self._write("etcd.conf", name, address, {"/var/lib/etcd": str(self.folder / f"{name}-etcd")})
        given = [line.split("=", 1) for line in lines.read_text().splitlines() if line[:1] not in ("", "#")]
        self._start(f"etcd {name}", ["etcd", "--logger=zap"], environment=dict(given))

    def _write(
        self, file: str, name: str, address: str, instead: dict[str, str], *, plain: bool = False
    ) -> Path:
        text = (FILES / file).read_text(encoding="utf-8")
        for old, new in (instead | {"@NAME@": name, "@ADDRESS@": address, "10.77.0.": "127.77.0."}).items():
            text = text.replace(old, new)
        path = self.folder / (file if plain else f"{name}-{file}")
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
        return path

    def _start(
        self,
        name: str,
        command: list[str],
        *,
        environment: dict[str, str] | None = None,
        as_postgres: bool = False,
    ) -> None:
        user = pwd.getpwnam("postgres") if as_postgres else None
        self._commands[name] = (command, environment or {}, as_postgres)
        with (self.folder / f"{name.replace(' ', '-')}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603
                command,
                env=os.environ | (environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                start_new_session=True,
            )


def make_cluster(folder: Path) -> Cluster:
    """Return a cluster in a new folder. Raises SystemExit with what is missing."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if not Path("/usr/lib/postgresql/15/bin/postgres").exists():
        missing.append("postgresql-15")
    if os.geteuid() != 0 or missing:
        raise SystemExit(f"This wants root and the packages named in deploy/cluster/try; missing: {missing}")
    folder.mkdir(parents=True)
    # Programs that run as postgres read their files here.
    folder.parent.chmod(0o711)
    shutil.chown(folder, "postgres")
    folder.chmod(0o711)
    return Cluster(folder)


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in family(int(child)))]


def certify(pem: Path) -> None:
    """Make a certificate for this trial."""
    key, certificate = pem.with_suffix(".key"), pem.with_suffix(".crt")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    pem.write_bytes(certificate.read_bytes() + key.read_bytes())


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> float:
    """Return after how many seconds it was so. Raises RuntimeError in the end."""
    started = time.monotonic()
    while not is_so():
        if time.monotonic() - started > seconds:
            raise RuntimeError(f"there is not {what} after {seconds:.0f} seconds")
        time.sleep(0.2)
    return time.monotonic() - started
