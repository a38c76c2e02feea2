// SPDX-License-Identifier: Apache-2.0
//
// burn: processes that use a known amount of CPU. What it prints is the truth that CPU figures of ended processes are
// compared with: for each child what wait4(2) says (the scheduler's own sum, exit included), and for all of them what
// the CPU counter of a cgroup says that only they were ever in.
//
//   burn [--count N] [--parallel P] [--cpu-us T] [--mode user|system|mixed] [--threads K] [--parts S] [--nap-us T]
//        [--late] [--clock] [--exec] [--touch BYTES] [--cgroup FOLDER] [-- PROGRAM ARGUMENT...]
//
// Each child, P at a time, does work of about T microseconds in each of K threads, in S parts with a nap between them
// (--late: and one before the first).
// The work is a number of rounds that was measured before: reading a CPU clock in the child (--clock does) makes the
// kernel bring its sums up to date, and so makes the figures better than those of programs that read none.
// --exec: the child executes itself before it works. With PROGRAM the child executes that instead.
// --cgroup: a folder of the v2 hierarchy; children are born into a new group below it (clone3, CLONE_INTO_CGROUP).
//
// Output: a line "PID USER_US SYSTEM_US" for each child, then "total COUNT RUSAGE_US CGROUP_US CGROUP_USER_US
// CGROUP_SYSTEM_US" (-1 without --cgroup). Only the sum of user and system is exact in both: the kernel splits it by
// the samples of the tick, which say nothing of one short process and are right over many.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORK_VALUES 10      // numbers that an executed child is given

enum mode { MODE_USER, MODE_SYSTEM, MODE_MIXED };

static const char *const modes[] = { "user", "system", "mixed" };

struct plan {
    long count, parallel, cpu_us, threads, parts, nap_us, touch;
    enum mode mode;
    bool clock, exec, late;
    double user_rounds, system_rounds;      // a microsecond's worth
    const char *cgroup;
    char **program;
};

static int zero = -1;
static volatile uint64_t sink;

static void __attribute__((noreturn)) fail(const char *what)
{
    fprintf(stderr, "burn: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t clock_us(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

// ---- the work ------------------------------------------------------------------------------------------------------

static void work_user(long rounds)
{
    uint64_t x = sink | 1;
    for (long i = 0; i < rounds; i++) x = x * 6364136223846793005u + 1442695040888963407u;
    sink = x;
}

static void work_system(long rounds)
{
    char page[4096];
    for (long i = 0; i < rounds; i++)
        if (read(zero, page, sizeof page) < 0) fail("/dev/zero");
}

// The best of many tries, each far shorter than a time slice: what disturbs only makes a try longer.
static double rounds_per_us(void (*work)(long), long rounds)
{
    int64_t best = INT64_MAX;
    for (int i = 0; i < 100; i++) {
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        work(rounds);
        clock_gettime(CLOCK_MONOTONIC, &to);
        int64_t ns = (to.tv_sec - from.tv_sec) * 1000000000 + to.tv_nsec - from.tv_nsec;
        if (ns < best) best = ns;
    }
    return (double)rounds * 1000 / (double)best;
}

static void work_us(const struct plan *plan, double us, bool system)
{
    if (system) work_system((long)(us * plan->system_rounds));
    else work_user((long)(us * plan->user_rounds));
}

static void *burn_thread(void *argument)
{
    const struct plan *plan = argument;
    double part = (double)plan->cpu_us / (double)plan->parts;
    int64_t start = plan->clock ? clock_us(CLOCK_THREAD_CPUTIME_ID) : 0;
    for (long i = 0; i < plan->parts; i++) {
        if (i || plan->late) usleep((useconds_t)plan->nap_us);
        if (plan->clock) {
            while (clock_us(CLOCK_THREAD_CPUTIME_ID) - start < (int64_t)(part * (double)(i + 1)))
                work_us(plan, 20, plan->mode == MODE_SYSTEM);
        } else if (plan->mode == MODE_MIXED) {
            // Turns of a quarter of a millisecond.
            for (double left = part; left > 0; left -= 250) {
                double turn = left < 250 ? left : 250;
                work_us(plan, turn / 2, false);
                work_us(plan, turn / 2, true);
            }
        } else {
            work_us(plan, part, plan->mode == MODE_SYSTEM);
        }
    }
    return NULL;
}

static void __attribute__((noreturn)) burn(struct plan *plan)
{
    if (plan->touch) {
        char *memory = mmap(NULL, (size_t)plan->touch, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) fail("mmap");
        memset(memory, 1, (size_t)plan->touch);
    }
    if (plan->threads == 1) {
        burn_thread(plan);
        _exit(0);
    }
    pthread_t threads[64];
    for (long i = 0; i < plan->threads; i++) {
        errno = pthread_create(&threads[i], NULL, burn_thread, plan);
        if (errno) fail("pthread_create");
    }
    for (long i = 0; i < plan->threads; i++) pthread_join(threads[i], NULL);
    _exit(0);
}

// ---- children ------------------------------------------------------------------------------------------------------

static pid_t clone_into(int cgroup)
{
    if (cgroup < 0) return fork();
    struct clone_args arguments = { .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)cgroup };
    return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

static void __attribute__((noreturn)) run_child(struct plan *plan)
{
    if (plan->program) {
        int null = open("/dev/null", O_RDWR);
        if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0) _exit(126);
        execvp(plan->program[0], plan->program);
        _exit(127);
    }
    if (!plan->exec) burn(plan);
    double values[] = { (double)plan->cpu_us, (double)plan->threads, (double)plan->parts, (double)plan->nap_us,
                        (double)plan->touch, plan->mode, plan->clock, plan->late, plan->user_rounds,
                        plan->system_rounds };
    char numbers[WORK_VALUES][32];
    char *arguments[WORK_VALUES + 3] = { "burn", "--work" };
    for (int i = 0; i < WORK_VALUES; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%.17g", values[i]);
        arguments[2 + i] = numbers[i];
    }
    execv("/proc/self/exe", arguments);
    _exit(127);
}

struct cgroup_usage { long long total, user, system; };

static struct cgroup_usage read_cgroup(const char *path)
{
    char name[4200];
    snprintf(name, sizeof name, "%s/cpu.stat", path);
    FILE *file = fopen(name, "r");
    struct cgroup_usage us;
    if (!file || fscanf(file, "usage_usec %lld user_usec %lld system_usec %lld", &us.total, &us.user, &us.system) != 3)
        fail(name);
    fclose(file);
    return us;
}

static void run(struct plan *plan)
{
    char path[4096] = "";
    int cgroup = -1;
    if (plan->cgroup) {
        snprintf(path, sizeof path, "%s/burn.%d", plan->cgroup, getpid());
        if (mkdir(path, 0755) || (cgroup = open(path, O_DIRECTORY | O_CLOEXEC)) < 0) fail(path);
    }
    int64_t sum = 0;
    long started = 0, ended = 0;
    bool failed = false;
    while (ended < plan->count) {
        if (started < plan->count && started - ended < plan->parallel) {
            pid_t pid = clone_into(cgroup);
            if (pid < 0) fail("clone3");
            if (pid == 0) run_child(plan);
            started++;
            continue;
        }
        struct rusage usage;
        int status;
        pid_t pid = wait4(-1, &status, 0, &usage);
        if (pid < 0) fail("wait4");
        failed |= !WIFEXITED(status) || WEXITSTATUS(status) > 125;
        ended++;
        int64_t user = usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec;
        int64_t system = usage.ru_stime.tv_sec * 1000000 + usage.ru_stime.tv_usec;
        sum += user + system;
        printf("%d %lld %lld\n", pid, (long long)user, (long long)system);
    }
    // A program's children may outlive it for a moment; the folder goes when the last one is gone.
    struct cgroup_usage used = { -1, -1, -1 };
    if (plan->cgroup) {
        for (int tries = 0;; tries++) {
            usleep(20000);
            used = read_cgroup(path);
            if (!rmdir(path)) break;
            if (errno != EBUSY || tries > 100) fail(path);
        }
    }
    printf("total %ld %lld %lld %lld %lld\n", ended, (long long)sum, used.total, used.user, used.system);
    if (failed) {
        fputs("burn: a child failed\n", stderr);
        exit(1);
    }
}

// ---- start ---------------------------------------------------------------------------------------------------------

static long number(const char *text)
{
    char *end;
    errno = 0;
    long value = text ? strtol(text, &end, 10) : -1;
    if (!text || *end || end == text || value < 0 || errno) {
        fprintf(stderr, "burn: '%s' is no number\n", text ? text : "");
        exit(2);
    }
    return value;
}

static enum mode mode_named(const char *name)
{
    for (int i = 0; name && i < 3; i++)
        if (!strcmp(modes[i], name)) return (enum mode)i;
    fputs("burn: --mode is user, system or mixed\n", stderr);
    exit(2);
}

static void __attribute__((noreturn)) work_only(char **values)
{
    struct plan plan = {
        .cpu_us = (long)atof(values[0]), .threads = (long)atof(values[1]), .parts = (long)atof(values[2]),
        .nap_us = (long)atof(values[3]), .touch = (long)atof(values[4]), .mode = (enum mode)atoi(values[5]),
        .clock = atoi(values[6]) != 0, .late = atoi(values[7]) != 0, .user_rounds = atof(values[8]),
        .system_rounds = atof(values[9]),
    };
    burn(&plan);
}

static void parse(struct plan *plan, char **argument)
{
    for (; *argument; argument++) {
        const char *name = *argument;
        if (!strcmp(name, "--")) {
            plan->program = argument[1] ? argument + 1 : NULL;
            return;
        }
        if (!strcmp(name, "--clock")) plan->clock = true;
        else if (!strcmp(name, "--late")) plan->late = true;
        else if (!strcmp(name, "--exec")) plan->exec = true;
        else if (!strcmp(name, "--count")) plan->count = number(*++argument);
        else if (!strcmp(name, "--parallel")) plan->parallel = number(*++argument);
        else if (!strcmp(name, "--cpu-us")) plan->cpu_us = number(*++argument);
        else if (!strcmp(name, "--threads")) plan->threads = number(*++argument);
        else if (!strcmp(name, "--parts")) plan->parts = number(*++argument);
        else if (!strcmp(name, "--nap-us")) plan->nap_us = number(*++argument);
        else if (!strcmp(name, "--touch")) plan->touch = number(*++argument);
        else if (!strcmp(name, "--mode")) plan->mode = mode_named(*++argument);
        else if (!strcmp(name, "--cgroup") && argument[1]) plan->cgroup = *++argument;
        else {
            fprintf(stderr, "burn: '%s' is no option\n", name);
            exit(2);
        }
        if (!*argument) exit(2);
    }
}

int main(int count, char **arguments)
{
    zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    if (zero < 0) fail("/dev/zero");
    if (count == WORK_VALUES + 2 && !strcmp(arguments[1], "--work")) work_only(arguments + 2);

    struct plan plan = { .count = 1, .parallel = 1, .cpu_us = 2000, .threads = 1, .parts = 1, .nap_us = 1300 };
    parse(&plan, arguments + 1);
    if (plan.parallel < 1 || plan.threads < 1 || plan.threads > 64 || plan.parts < 1) {
        fputs("burn: --parallel and --parts are at least 1, --threads is 1 to 64\n", stderr);
        return 2;
    }
    plan.user_rounds = rounds_per_us(work_user, 50000);
    plan.system_rounds = rounds_per_us(work_system, 500);
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    run(&plan);
    return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
