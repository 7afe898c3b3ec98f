#include "person.h"

#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "number.h"

unsigned int person_id(const char *text) {
    size_t length = strlen(text);
    uint32_t id = 0;
    if (length > 10 || strspn(text, "0123456789") != length || !hb_number(text, &id)) {
        return 0;
    }
    return id != UINT32_MAX ? id : 0;
}

int person_become(uid_t uid, gid_t gid) {
    if (getuid() != uid || geteuid() != uid || getgid() != gid || getegid() != gid) {
        if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0) {
            return 0;
        }
    }
    uid_t ruid, euid, suid;
    gid_t rgid, egid, sgid;
    if (getresuid(&ruid, &euid, &suid) != 0 || ruid != uid || euid != uid || suid != uid) {
        return 0;
    }
    if (getresgid(&rgid, &egid, &sgid) != 0 || rgid != gid || egid != gid || sgid != gid) {
        return 0;
    }
    umask(077);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}
