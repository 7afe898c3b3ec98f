"""Run inside a lab: leaves the state that Himmelblau leaves on a host where user02 has signed in. Usage: himmelblau_state.py UID OWNER"""

import os
import shutil
import sqlite3
import sys

CACHE, STATE, NSS = "/var/cache/himmelblaud", "/var/lib/himmelblaud", "/var/cache/nss-himmelblau"
UPN, GROUP = "user02@0pndv.onmicrosoft.com", "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6"
TABLES = """
    CREATE TABLE db_version_t (id TEXT PRIMARY KEY, version INTEGER);
    CREATE TABLE account_t (uuid TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, spn TEXT NOT NULL UNIQUE,
        gidnumber INTEGER NOT NULL UNIQUE, password BLOB, token BLOB NOT NULL, expiry NUMERIC NOT NULL);
    CREATE TABLE group_t (uuid TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, spn TEXT NOT NULL UNIQUE,
        gidnumber INTEGER NOT NULL UNIQUE, token BLOB NOT NULL, expiry NUMERIC NOT NULL);
    CREATE TABLE memberof_t (g_uuid TEXT, a_uuid TEXT);
    CREATE TABLE hsm_int_t (key TEXT PRIMARY KEY, value BLOB NOT NULL);
    CREATE TABLE hsm_data_t (key TEXT PRIMARY KEY, value BLOB NOT NULL);
    INSERT INTO db_version_t VALUES ('main', 1);
"""


def database(uid):
    """As a daemon leaves it that was killed: a part of it is in the write-ahead log."""
    connection = sqlite3.connect(f"{CACHE}/work.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(TABLES)
    user = ("e0000002-0000-4000-8000-000000000002", UPN, UPN, uid, '{"argon2id": "..."}', '{"name": "user02"}', 1)
    connection.execute("INSERT INTO account_t VALUES (?, ?, ?, ?, ?, ?, ?)", user)
    connection.execute("INSERT INTO group_t VALUES (?, 'staff', 'staff', 145696387, '{}', 1)", (GROUP,))
    connection.execute("INSERT INTO memberof_t VALUES (?, ?)", (GROUP, user[0]))
    connection.executemany("INSERT INTO hsm_int_t VALUES (?, ?)", [("mk", b"wrapped"), ("hmac", b"wrapped")])
    keys = ("0pndv.onmicrosoft.com/transport", "0pndv.onmicrosoft.com/certificate", f"{UPN}/hello", f"{UPN}/hello_prt")
    connection.executemany("INSERT INTO hsm_data_t VALUES (?, ?)", [(key, b"sealed") for key in keys])
    connection.commit()
    for suffix in ("", "-wal", "-shm"):
        shutil.copy(f"{CACHE}/work.db{suffix}", f"{CACHE}/himmelblau.cache.db{suffix}")
        os.chmod(f"{CACHE}/himmelblau.cache.db{suffix}", 0o600)
    connection.close()
    os.unlink(f"{CACHE}/work.db")


def fixed_ids():
    os.makedirs(NSS, 0o755, exist_ok=True)
    connection = sqlite3.connect(f"{NSS}/idmap.cache.db")
    connection.execute("CREATE TABLE static_users (name TEXT PRIMARY KEY, uid INTEGER, gid INTEGER)")
    connection.execute("CREATE TABLE static_groups (name TEXT PRIMARY KEY, gid INTEGER)")
    connection.execute("INSERT INTO static_users VALUES ('fixed@0pndv.onmicrosoft.com', 70001, 70002)")
    connection.commit()
    connection.close()


def write(path, text, mode):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def main(uid, owner):
    database(uid)
    fixed_ids()
    # The join record, and the two forms of the HSM PIN; a PIN file that a group may read is of no use to us.
    record = "[0pndv.onmicrosoft.com]\ntenant_id = 1c0de5a1-7e57-4a11-8000-09dd50a00002\ndevice_id = 6f0c2f0e-0000-4000-8000-00000000abcd\n"
    write(f"{CACHE}/himmelblau.conf", record, 0o644)
    write(f"{STATE}/hsm-pin", "0123456789abcdef" * 3, 0o640)
    write(f"{STATE}/hsm-pin-nopcr.enc", "sealed by systemd-creds", 0o600)
    for place in (CACHE, STATE):
        for name in os.listdir(place):
            shutil.chown(os.path.join(place, name), owner, owner)


main(int(sys.argv[1]), sys.argv[2])
