// SPDX-License-Identifier: Apache-2.0
//
// libnss_slow.so.2: a directory of users and groups that does what a file says, for nsswitch.conf(5). The variable
// NSS_SLOW names the file; it is read at each question, and again every 10 ms while an answer is held back:
//
//   answer          every number has a name: dir1000 for user 1000, grp1000 for group 1000
//   delay 150       the same after 150 ms
//   hang            no answer until the file says something else
//   again           the directory is too busy: TRYAGAIN, EAGAIN
//   down            nobody is there: UNAVAIL, ECONNREFUSED
//   unknown         no number has a name
//
// Without the file, or with any other word in it, no number has a name.
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum nss_status _nss_slow_getpwuid_r(uid_t uid, struct passwd *user, char *buffer, size_t size, int *error);
enum nss_status _nss_slow_getgrgid_r(gid_t gid, struct group *group, char *buffer, size_t size, int *error);

static void read_order(char *word, long *milliseconds)
{
    const char *path = getenv("NSS_SLOW");
    FILE *file = path ? fopen(path, "re") : NULL;
    *word = 0;
    *milliseconds = 0;
    if (!file) return;
    if (fscanf(file, "%15s %ld", word, milliseconds) < 1) *word = 0;
    fclose(file);
}

// What becomes of a question; NSS_STATUS_SUCCESS: it gets its name now.
static enum nss_status wait_for_order(int *error)
{
    char word[16];
    long milliseconds;
    for (;;) {
        read_order(word, &milliseconds);
        if (strcmp(word, "hang")) break;
        usleep(10000);
    }
    if (!strcmp(word, "delay")) {
        usleep((useconds_t)milliseconds * 1000);
        return NSS_STATUS_SUCCESS;
    }
    if (!strcmp(word, "answer")) return NSS_STATUS_SUCCESS;
    if (!strcmp(word, "again")) {
        *error = EAGAIN;
        return NSS_STATUS_TRYAGAIN;
    }
    if (!strcmp(word, "down")) {
        *error = ECONNREFUSED;
        return NSS_STATUS_UNAVAIL;
    }
    *error = ENOENT;
    return NSS_STATUS_NOTFOUND;
}

// The name, and what else an entry needs, in the caller's buffer; false when it has no room.
static int put(const char *kind, unsigned number, char *buffer, size_t size, int *error)
{
    if ((size_t)snprintf(buffer, size, "%s%u", kind, number) < size) return 1;
    *error = ERANGE;
    return 0;
}

enum nss_status _nss_slow_getpwuid_r(uid_t uid, struct passwd *user, char *buffer, size_t size, int *error)
{
    enum nss_status status = wait_for_order(error);
    if (status != NSS_STATUS_SUCCESS) return status;
    if (!put("dir", uid, buffer, size, error)) return NSS_STATUS_TRYAGAIN;
    char *nothing = strchr(buffer, 0);
    *user = (struct passwd){ .pw_name = buffer, .pw_uid = uid, .pw_gid = uid, .pw_passwd = nothing,
                             .pw_gecos = nothing, .pw_dir = nothing, .pw_shell = nothing };
    return NSS_STATUS_SUCCESS;
}

enum nss_status _nss_slow_getgrgid_r(gid_t gid, struct group *group, char *buffer, size_t size, int *error)
{
    static char *nobody[] = { NULL };
    enum nss_status status = wait_for_order(error);
    if (status != NSS_STATUS_SUCCESS) return status;
    if (!put("grp", gid, buffer, size, error)) return NSS_STATUS_TRYAGAIN;
    *group = (struct group){ .gr_name = buffer, .gr_gid = gid, .gr_passwd = strchr(buffer, 0), .gr_mem = nobody };
    return NSS_STATUS_SUCCESS;
}
