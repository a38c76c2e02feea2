// SPDX-License-Identifier: Apache-2.0
//
// Logs in and out through the libraries that PAM modules and sshd use, which have no command for it:
//
//   logins login FILE USER TTY HOST SERVICE MICROSECONDS     prints the number of the row (libwtmpdb)
//   logins logout FILE ID MICROSECONDS                       (libwtmpdb)
//   logins last FILE USER TTY HOST SERVICE SECONDS           (liblastlog2)
//   logins many FILE COUNT                                   so many logins and their logouts, one after the other
//
// The libraries are opened by name when it runs, so that it can be compiled where they are not installed.
#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int64_t login_call(const char *, int, const char *, uint64_t, const char *, const char *, const char *, char **);
typedef int logout_call(const char *, int64_t, uint64_t, char **);
typedef void *context_call(const char *);
typedef int last_call(void *, const char *, int64_t, const char *, const char *, const char *, char **);

static const int user_process = 3;

static void *symbol(const char *library, const char *name)
{
    void *handle = dlopen(library, RTLD_NOW);
    void *found = handle == NULL ? NULL : dlsym(handle, name);
    if (found == NULL) {
        fprintf(stderr, "logins: %s\n", dlerror());
        exit(2);
    }

    return found;
}

static int result(int failed, const char *error)
{
    if (failed) {
        fprintf(stderr, "logins: %s\n", error == NULL ? "failed" : error);
    }

    return failed ? 1 : 0;
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static int many(const char *file, int count)
{
    login_call *log_in = (login_call *)symbol("libwtmpdb.so.0", "wtmpdb_login");
    logout_call *log_out = (logout_call *)symbol("libwtmpdb.so.0", "wtmpdb_logout");
    for (int i = 0; i < count; i++) {
        char *error = NULL;
        int64_t id = log_in(file, user_process, "alice", now(), "pts/0", "192.0.2.7", "sshd", &error);
        if (id < 0 || log_out(file, id, now(), &error) < 0) {
            return result(1, error);
        }
    }

    return 0;
}

int main(int count, char **words)
{
    char *error = NULL;
    if (count == 8 && strcmp(words[1], "login") == 0) {
        login_call *call = (login_call *)symbol("libwtmpdb.so.0", "wtmpdb_login");
        uint64_t time = strtoull(words[7], NULL, 10);
        int64_t id = call(words[2], user_process, words[3], time, words[4], words[5], words[6], &error);
        printf("%" PRId64 "\n", id);
        return result(id < 0, error);
    }

    if (count == 5 && strcmp(words[1], "logout") == 0) {
        logout_call *call = (logout_call *)symbol("libwtmpdb.so.0", "wtmpdb_logout");
        return result(call(words[2], atoll(words[3]), strtoull(words[4], NULL, 10), &error) < 0, error);
    }

    if (count == 8 && strcmp(words[1], "last") == 0) {
        context_call *context = (context_call *)symbol("liblastlog2.so.2", "ll2_new_context");
        last_call *call = (last_call *)symbol("liblastlog2.so.2", "ll2_write_entry");
        int64_t time = atoll(words[7]);
        return result(call(context(words[2]), words[3], time, words[4], words[5], words[6], &error) < 0, error);
    }

    if (count == 4 && strcmp(words[1], "many") == 0) {
        return many(words[2], atoi(words[3]));
    }

    fprintf(stderr, "logins: see the head of logins.c\n");
    return 2;
}
