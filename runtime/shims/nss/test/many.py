"""many.py USERS GROUPS MEMBERSHIPS: a specification for mkmap with that much in it."""
import sys

people, groups, memberships = (int(word) for word in sys.argv[1:4])
out = sys.stdout
out.write("map\tbase\t3\t3\t42\t1700000000\t0\n")
lists = {}
for i in range(people):
    mine = [2500000000 + (i * 31 + k) % groups for k in range(min(memberships, groups))] if groups else []
    for gid in mine:
        lists.setdefault(gid, []).append(i)
    gids = ",".join(map(str, mine)) or "-"
    out.write(f"person\tp{i}\t{1000000 + i}\t{1000000 + i}\t5\tPerson {i}\t/home/p{i}\t/bin/bash\tp{i}@example.com\t{gids}\n")
for g in range(groups):
    gid = 2500000000 + g
    members = ",".join(f"p{i}" for i in lists.get(gid, [])[:1000]) or "-"
    out.write(f"group\tgroup {g}\t{gid}\t0\t{g:08x}-0000-4000-8000-000000000000\t{members}\n")
