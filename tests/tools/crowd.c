// SPDX-License-Identifier: Apache-2.0
//
// crowd: one process of many named threads, with known CPU time and writes. It is a child that never execs; its parent
// prints what wait4(2) says of it: "PID USER_US SYSTEM_US STATUS".
//
//   crowd NAME THREADS CPU_MS WRITE_KIB FOLDER [leader-first]
//
// The child is called NAME, its threads NAME-less: "worker-0", "worker-1" ... Each uses about CPU_MS milliseconds of CPU
// and writes WRITE_KIB KiB to a file of its own in FOLDER, which it removes again. With leader-first
// the first thread ends while the others work: the last one to end is another then.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long cpu_ms, write_kib;
static const char *folder;

// Work that reads no clock: reading one in the threads would make the kernel's figures of them better than they are.
static double rounds_per_ms;
static volatile uint64_t sink;

static void spin(uint64_t rounds)
{
    uint64_t value = 88172645463325252u;
    for (uint64_t i = 0; i < rounds; i++) {
        value ^= value << 13;
        value ^= value >> 7;
        value ^= value << 17;
    }
    sink = value;
}

static int64_t own_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1000000ll + now.tv_nsec / 1000;
}

static void *work(void *number)
{
    char name[16];
    snprintf(name, sizeof name, "worker-%ld", (long)(intptr_t)number);
    prctl(PR_SET_NAME, name);
    if (write_kib > 0) {
        static char block[1 << 20];
        char path[4096];
        snprintf(path, sizeof path, "%s/%d-%s", folder, getpid(), name);
        int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        for (long left = write_kib * 1024; file >= 0 && left > 0;) {
            ssize_t written = write(file, block, left < (long)sizeof block ? (size_t)left : sizeof block);
            if (written <= 0) {
                _exit(99);
            }
            left -= written;
        }
        if (file < 0 || close(file) != 0 || unlink(path) != 0) {
            _exit(98);
        }
    }
    spin((uint64_t)(rounds_per_ms * (double)cpu_ms));
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "crowd NAME THREADS CPU_MS WRITE_KIB FOLDER [leader-first]\n");
        return 2;
    }
    long threads = atol(argv[2]);
    cpu_ms = atol(argv[3]);
    write_kib = atol(argv[4]);
    folder = argv[5];
    int64_t start = own_us();
    spin(5000000);
    rounds_per_ms = 5000000.0 * 1000 / (double)(own_us() - start + 1);
    pid_t child = fork();
    if (child < 0) {
        perror("crowd: fork");
        return 1;
    }
    if (child == 0) {
        prctl(PR_SET_NAME, argv[1]);
        pthread_t started[1024];
        for (long i = 0; i < threads && i < 1024; i++) {
            if (pthread_create(&started[i], NULL, work, (void *)(intptr_t)i) != 0) {
                _exit(97);
            }
        }
        if (argc > 6 && strcmp(argv[6], "leader-first") == 0) {
            pthread_exit(NULL);     // the last thread's end is that of the process, with status 0
        }
        for (long i = 0; i < threads && i < 1024; i++) {
            pthread_join(started[i], NULL);
        }
        _exit(0);
    }
    int status;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child) {
        perror("crowd: wait4");
        return 1;
    }
    printf("%d %lld %lld %d\n", child, usage.ru_utime.tv_sec * 1000000ll + usage.ru_utime.tv_usec,
        usage.ru_stime.tv_sec * 1000000ll + usage.ru_stime.tv_usec, status);
    return 0;
}
