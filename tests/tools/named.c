// SPDX-License-Identifier: Apache-2.0
//
// named: real processes with chosen names and owners. Each is forked, takes its groups, its user and its name, and ends
// with code 0. Returns when all have ended; fails when one of them did not as it should. Its own exit (executed, code 0,
// "named", the caller's uid) comes on top.
//
//   named each FROM COUNT [RATE]   COUNT names, each once: "name-FROM", "name-FROM+1" ...; RATE a second at most
//   named list [FILE]              lines "UID GID COUNT HEX": COUNT processes of a user and group, the name in hex,
//                                  "-" for the empty one; from standard input without FILE
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PARALLEL 16     // as many at a time, so that both cores have work
#define NAME_SIZE 16    // a task's name: 15 bytes and NUL

static int running;

static void __attribute__((noreturn)) fail(const char *what)
{
    fprintf(stderr, "named: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void reap(int most)
{
    for (; running > most; running--) {
        int status;
        if (wait(&status) < 0) fail("wait");
        if (status != 0) {
            fprintf(stderr, "named: a child ended with status %d\n", status);
            exit(1);
        }
    }
}

static void start(const char *name, uid_t uid, gid_t gid)
{
    reap(PARALLEL - 1);
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
        if (gid != getgid() && setgid(gid)) _exit(1);
        if (uid != getuid() && setuid(uid)) _exit(2);
        _exit(prctl(PR_SET_NAME, name) ? 3 : 0);
    }
    running++;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void start_each(long from, long count, double rate)
{
    double begin = now();
    for (long i = 0; i < count; i++) {
        double ahead = rate > 0 ? (double)i / rate - (now() - begin) : 0;
        if (ahead > 0.001) usleep((useconds_t)(ahead * 1e6));
        char name[32];
        snprintf(name, sizeof name, "name-%ld", from + i);
        start(name, getuid(), getgid());
    }
}

static void start_list(FILE *list)
{
    unsigned uid, gid;
    long count;
    char hex[2 * NAME_SIZE + 1];
    int fields;
    while ((fields = fscanf(list, "%u %u %ld %32s", &uid, &gid, &count, hex)) == 4) {
        char name[NAME_SIZE + 1] = "";
        unsigned byte;
        for (size_t i = 0; hex[2 * i] && sscanf(hex + 2 * i, "%2x", &byte) == 1; i++) name[i] = (char)byte;
        for (long i = 0; i < count; i++) start(name, uid, gid);
    }
    if (fields != EOF) {
        fputs("named: a line is not UID GID COUNT HEX\n", stderr);
        exit(2);
    }
}

int main(int count, char **arguments)
{
    if (count > 3 && !strcmp(arguments[1], "each")) {
        start_each(atol(arguments[2]), atol(arguments[3]), count > 4 ? atof(arguments[4]) : 0);
    } else if (count > 1 && !strcmp(arguments[1], "list")) {
        FILE *list = count > 2 ? fopen(arguments[2], "r") : stdin;
        if (!list) fail(arguments[2]);
        start_list(list);
    } else {
        fputs("named each FROM COUNT [RATE] | named list [FILE]\n", stderr);
        return 2;
    }
    reap(0);
    return 0;
}
