/* Prototypes of the NSS entry points, so that a slip in one is an error of the compiler. */
#ifndef HB_NSS_ENTRY_H
#define HB_NSS_ENTRY_H

#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <shadow.h>

#define HB_ENTRY __attribute__((visibility("default")))

#define HB_NSS_ENUMERATION(module, prefix, type) \
	HB_ENTRY enum nss_status _nss_##module##_set##prefix##ent(int stay_open); \
	HB_ENTRY enum nss_status _nss_##module##_get##prefix##ent_r(type *result, char *buffer, size_t size, int *errnop); \
	HB_ENTRY enum nss_status _nss_##module##_end##prefix##ent(void)

#define HB_NSS_BY_NAME(module, prefix, type) \
	HB_ENTRY enum nss_status _nss_##module##_get##prefix##nam_r(const char *name, type *result, char *buffer, size_t size, int *errnop)

HB_NSS_ENUMERATION(himmelblau, pw, struct passwd);
HB_NSS_ENUMERATION(himmelblau, gr, struct group);
HB_NSS_ENUMERATION(himmelblau, sp, struct spwd);
HB_NSS_BY_NAME(himmelblau, pw, struct passwd);
HB_NSS_BY_NAME(himmelblau, gr, struct group);
HB_NSS_BY_NAME(himmelblau, sp, struct spwd);
HB_ENTRY enum nss_status _nss_himmelblau_getpwuid_r(uid_t uid, struct passwd *result, char *buffer, size_t size, int *errnop);
HB_ENTRY enum nss_status _nss_himmelblau_getgrgid_r(gid_t gid, struct group *result, char *buffer, size_t size, int *errnop);
HB_ENTRY enum nss_status _nss_himmelblau_initgroups_dyn(const char *user, gid_t group, long *start, long *size, gid_t **groups,
	long limit, int *errnop);

#endif
