// SPDX-License-Identifier: Apache-2.0
//
// storm: many real processes with known ends. It forks children that never exec, each with a name, an owner and an end
// drawn from a sequence that the seed decides, waits for all of them, and prints what wait(2) said as one JSON object.
// What it prints is the truth that accounting is compared with. Its own exit (execed, code 0, name "storm", the
// caller's uid) is not in the JSON: whoever starts it adds that.
//
//   storm [--count N] [--parallel P] [--seed S] [--kinds K] [--names N] [--cores N]
//   storm --fast [--count N] [--parallel P] [--rate R] [--name NAME]
//
// Mixed mode: P children at a time. --kinds K draws from K (name, uid, end) kinds only (0: all); --names N gives N made
// up plain names instead of the odd ones; --cores N makes one child in N dump a real core (500; 0: none).
// Fast mode: P workers start children (vfork, _exit(0)) as fast as they can, or R a second together, with the name
// storm-fast or NAME. The workers' own ends are in the totals too.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define SIGNALS 65          // 1 to 64
#define NAME_SIZE 16        // a task's name: 15 bytes and NUL
#define PARALLEL_MAX 4096

enum { MODE_MIXED, MODE_FAST };

static const char *const odd_names[] = {
    "plain", "sh", "python3.11", "kworker/3:1", "two words", " lead, trail ", "say \"hi\"", "back\\slash",
    "line\nbreak", "tab\there", "esc\033[31m", "bad\xff\xfe utf8", "\xc3(", "cut at fifteen\xc3", "exactly15bytes!",
    "", "\\xff", "\xff", "other", "caf\xc3\xa9", "a{b=\"c\"} 1", "#comment", "\x01\x7f", "\\n",
};

static const uid_t uids[] = { 0, 1, 33, 1000, 70000, 65534, 4294967294u };

struct end { int code; int signal; };

static const struct end ends[] = {
    { 0, 0 }, { 0, 0 }, { 0, 0 }, { 1, 0 }, { 2, 0 }, { 3, 0 }, { 127, 0 }, { 255, 0 },
    { 0, SIGKILL }, { 0, SIGTERM }, { 0, SIGSEGV }, { 0, SIGABRT }, { 0, -3 /* SIGRTMIN+3 */ },
};

struct kind { uint32_t name, uid, end; };

struct count { uint64_t exits, successes, failures, signals[SIGNALS], cores[SIGNALS]; };

// Written by children and workers, read by the parent: set-up that failed must not look like a known end.
struct shared { int error_number; char error_place[32]; uint64_t done[PARALLEL_MAX]; };

static struct shared *shared;
static volatile sig_atomic_t interrupted;
static uint64_t random_state;

static uint64_t next_random(void)       // splitmix64
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("storm: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void on_signal(int signal)
{
    (void)signal;
    interrupted = 1;
}

// Whoever started us may have blocked or ignored signals; the children must die of theirs.
static void reset_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int i = 1; i < SIGNALS; i++)
        if (i != SIGKILL && i != SIGSTOP) signal(i, SIG_DFL);
}

// ---- mixed mode ----------------------------------------------------------------------------------------------------

static void __attribute__((noreturn)) child_failed(const char *place)
{
    shared->error_number = errno;
    snprintf(shared->error_place, sizeof shared->error_place, "%s", place);
    _exit(125);
}

static void __attribute__((noreturn)) run_child(const char *name, uid_t uid, struct end end, const char *core_folder)
{
    struct rlimit core = { 0, 0 };
    if (core_folder) {
        core.rlim_cur = core.rlim_max = RLIM_INFINITY;
        if (chdir(core_folder)) child_failed("chdir");
    }
    if (setrlimit(RLIMIT_CORE, &core)) child_failed("setrlimit");
    if (uid != getuid() && (setgroups(0, NULL) || setgid(uid) || setuid(uid))) child_failed("setuid");
    // A change of user makes a process undumpable (proc(5), suid_dumpable).
    prctl(PR_SET_DUMPABLE, 1);
    if (prctl(PR_SET_NAME, name)) child_failed("prctl");
    if (end.signal == 0) _exit(end.code);

    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (end.signal == SIGSEGV) {
        int *volatile nowhere = NULL;
        *nowhere = 1;
    }
    if (end.signal == SIGABRT) abort();
    kill(getpid(), end.signal < 0 ? SIGRTMIN - end.signal : end.signal);
    child_failed("kill");
}

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
    rmdir(path);
}

static void add(struct count *to, int status)
{
    to->exits++;
    if (WIFEXITED(status)) {
        if (WEXITSTATUS(status)) to->failures++;
        else to->successes++;
        return;
    }
    to->signals[WTERMSIG(status)]++;
    if (WCOREDUMP(status)) to->cores[WTERMSIG(status)]++;
}

struct storm {
    int mode;
    uint64_t count, seed, kinds, names, cores, rate;
    uint32_t parallel;
    double seconds;
    char core_pattern[256];
    const char *fast_name;
    uint32_t uid_count;
    char (*name_table)[NAME_SIZE];
    struct count total, *pairs;         // pairs[name * uid_count + uid]
};

struct slot { pid_t pid; uint32_t pair; bool core; };

static void core_path(char *to, size_t size, const char *folder, uint32_t slot)
{
    snprintf(to, size, "%s/%u", folder, slot);
}

static void reap_one(struct storm *storm, struct slot *slots, uint32_t *running, const char *folder)
{
    int status;
    pid_t pid = waitpid(-1, &status, 0);
    if (pid < 0) {
        if (errno == EINTR) return;
        fail("waitpid: %s", strerror(errno));
    }
    for (uint32_t i = 0; i < storm->parallel; i++) {
        if (slots[i].pid != pid) continue;
        add(&storm->total, status);
        add(&storm->pairs[slots[i].pair], status);
        if (slots[i].core) {
            char path[256];
            core_path(path, sizeof path, folder, i);
            remove_folder(path);
        }
        slots[i].pid = 0;
        (*running)--;
        return;
    }
}

static void start_one(struct storm *storm, struct kind kind, bool core, struct slot *slots, uint32_t *running,
                      const char *folder)
{
    uint32_t free_slot = 0;
    while (slots[free_slot].pid) free_slot++;
    struct end end = ends[kind.end];
    char path[256];
    if (core) {
        end = (struct end){ 0, kind.end % 2 ? SIGSEGV : SIGABRT };
        core_path(path, sizeof path, folder, free_slot);
        if (mkdir(path, 0777) || chmod(path, 0777)) fail("%s: %s", path, strerror(errno));
    }
    pid_t pid;
    while ((pid = fork()) < 0) {
        if (errno != EAGAIN || *running == 0) fail("fork: %s", strerror(errno));
        reap_one(storm, slots, running, folder);
    }
    uid_t uid = storm->uid_count == 1 ? getuid() : uids[kind.uid];
    if (pid == 0) run_child(storm->name_table[kind.name], uid, end, core ? path : NULL);
    slots[free_slot] = (struct slot){ pid, kind.name * storm->uid_count + kind.uid, core };
    (*running)++;
}

static struct kind draw_kind(const struct storm *storm)
{
    uint64_t r = next_random();
    return (struct kind){ (uint32_t)(r >> 32) % (uint32_t)storm->names, (uint32_t)(r >> 16 & 0xffff) % storm->uid_count,
                          (uint32_t)(r & 0xffff) % (uint32_t)LENGTH(ends) };
}

static void run_mixed(struct storm *storm)
{
    char folder[200];
    const char *temporary = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/storm.XXXXXX", temporary && *temporary ? temporary : "/tmp");
    if (!mkdtemp(folder) || chmod(folder, 0711)) fail("%s: %s", folder, strerror(errno));

    // Headers are core enough (core(5), coredump_filter; children inherit it).
    int filter = open("/proc/self/coredump_filter", O_WRONLY);
    if (filter >= 0) {
        if (write(filter, "0", 1) < 0) perror("storm: coredump_filter");
        close(filter);
    }
    struct sigaction stop = { .sa_handler = on_signal };
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);

    random_state = storm->seed;
    struct kind *kinds = calloc(storm->kinds ? storm->kinds : 1, sizeof *kinds);
    struct slot *slots = calloc(storm->parallel, sizeof *slots);
    if (!kinds || !slots) fail("out of memory");
    for (uint64_t i = 0; i < storm->kinds; i++) kinds[i] = draw_kind(storm);

    uint32_t running = 0;
    for (uint64_t i = 0; i < storm->count && !interrupted && !shared->error_number; i++) {
        while (running == storm->parallel) reap_one(storm, slots, &running, folder);
        struct kind kind = storm->kinds ? kinds[next_random() % storm->kinds] : draw_kind(storm);
        start_one(storm, kind, storm->cores && next_random() % storm->cores == 0, slots, &running, folder);
    }
    while (running > 0) reap_one(storm, slots, &running, folder);
    remove_folder(folder);
    if (shared->error_number) fail("a child's %s: %s", shared->error_place, strerror(shared->error_number));
    if (interrupted) exit(130);
}

// ---- fast mode -----------------------------------------------------------------------------------------------------

static void __attribute__((noreturn)) run_worker(const struct storm *storm, uint32_t index)
{
    uint64_t count = storm->count / storm->parallel + (index < storm->count % storm->parallel);
    double rate = (double)storm->rate / storm->parallel, start = now();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // A child's name is its parent's at the fork, so naming the worker names them all.
    prctl(PR_SET_NAME, storm->name_table[0]);
    for (uint64_t i = 0; i < count; i++) {
        double ahead = rate > 0 ? (double)i / rate - (now() - start) : 0;
        if (ahead > 0.001) usleep((useconds_t)(ahead * 1e6));
        pid_t pid = vfork();
        if (pid == 0) _exit(0);
        int status;
        if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) child_failed("vfork or wait");
        shared->done[index]++;
    }
    prctl(PR_SET_NAME, storm->name_table[1]);
    _exit(0);
}

static void run_fast(struct storm *storm)
{
    for (uint32_t i = 0; i < storm->parallel; i++) {
        pid_t pid = fork();
        if (pid < 0) fail("fork: %s", strerror(errno));
        if (pid == 0) run_worker(storm, i);
    }
    for (uint32_t i = 0; i < storm->parallel; i++) {
        int status;
        if (wait(&status) < 0) fail("wait: %s", strerror(errno));
        if (status != 0) fail("a worker's %s: %s", shared->error_place, strerror(shared->error_number));
        add(&storm->total, status);
        add(&storm->pairs[1], status);
    }
    for (uint32_t i = 0; i < storm->parallel; i++)
        for (uint64_t done = 0; done < shared->done[i]; done++) {
            add(&storm->total, 0);
            add(&storm->pairs[0], 0);
        }
}

// ---- the truth as JSON ---------------------------------------------------------------------------------------------

static const char *signal_name(int signal)
{
    static char text[32];
    if (signal == SIGRTMIN) return "SIGRTMIN";
    if (signal > SIGRTMIN) snprintf(text, sizeof text, "SIGRTMIN+%d", signal - SIGRTMIN);
    else if (sigabbrev_np(signal)) snprintf(text, sizeof text, "SIG%s", sigabbrev_np(signal));
    else snprintf(text, sizeof text, "SIG%d", signal);
    return text;
}

static void print_signals(const char *key, const uint64_t *counts)
{
    const char *separator = "";
    printf(",\"%s\":{", key);
    for (int i = 1; i < SIGNALS; i++) {
        if (!counts[i]) continue;
        printf("%s\"%s\":%llu", separator, signal_name(i), (unsigned long long)counts[i]);
        separator = ",";
    }
    putchar('}');
}

static void print_count(const struct count *count)
{
    printf("\"exits\":%llu,\"successes\":%llu,\"failures\":%llu", (unsigned long long)count->exits,
           (unsigned long long)count->successes, (unsigned long long)count->failures);
    print_signals("signals", count->signals);
    print_signals("core_dumps", count->cores);
}

static void print_truth(const struct storm *storm)
{
    printf("{\"mode\":\"%s\",\"seed\":%llu,\"parallel\":%u,\"seconds\":%.3f,\"core_pattern\":\"",
           storm->mode == MODE_FAST ? "fast" : "mixed", (unsigned long long)storm->seed, storm->parallel,
           storm->seconds);
    for (const char *c = storm->core_pattern; *c; c++) printf(*c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    printf("\",\"children\":%llu,\"workers\":%u,", (unsigned long long)storm->count,
           storm->mode == MODE_FAST ? storm->parallel : 0);
    print_count(&storm->total);
    fputs(",\"pairs\":[", stdout);
    const char *separator = "\n";
    for (uint64_t i = 0; i < storm->names * storm->uid_count; i++) {
        if (!storm->pairs[i].exits) continue;
        uid_t uid = storm->uid_count == 1 ? getuid() : uids[i % storm->uid_count];
        printf("%s{\"uid\":%u,\"name\":\"", separator, uid);
        for (const char *c = storm->name_table[i / storm->uid_count]; *c; c++) printf("%02x", (unsigned char)*c);
        fputs("\",", stdout);
        print_count(&storm->pairs[i]);
        putchar('}');
        separator = ",\n";
    }
    puts("\n]}");
}

// ---- start ---------------------------------------------------------------------------------------------------------

static void prepare(struct storm *storm)
{
    FILE *pattern = fopen("/proc/sys/kernel/core_pattern", "r");
    if (pattern && fgets(storm->core_pattern, sizeof storm->core_pattern, pattern))
        storm->core_pattern[strcspn(storm->core_pattern, "\n")] = 0;
    if (pattern) fclose(pattern);
    if (storm->core_pattern[0] == '/' && storm->mode == MODE_MIXED && storm->cores)
        fprintf(stderr, "storm: core_pattern is %s: the cores stay there\n", storm->core_pattern);

    bool made_up = storm->names > 0;
    if (storm->mode == MODE_FAST) storm->names = 2;
    else if (!made_up) storm->names = LENGTH(odd_names);
    // Another user's identity needs root; without it every child is the caller's.
    storm->uid_count = storm->mode == MODE_MIXED && geteuid() == 0 ? LENGTH(uids) : 1;
    storm->name_table = calloc(storm->names, NAME_SIZE);
    storm->pairs = calloc(storm->names * storm->uid_count, sizeof *storm->pairs);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!storm->name_table || !storm->pairs || shared == MAP_FAILED) fail("out of memory");
    for (uint64_t i = 0; i < storm->names; i++) {
        if (storm->mode == MODE_FAST) strcpy(storm->name_table[i], i ? "storm-worker" : storm->fast_name);
        else if (made_up) snprintf(storm->name_table[i], NAME_SIZE, "n%u", (uint32_t)i);
        else if (strlen(odd_names[i]) < NAME_SIZE) strcpy(storm->name_table[i], odd_names[i]);
        else fail("'%s' is too long for a task's name", odd_names[i]);
    }
}

static uint64_t number(const char *text, uint64_t least, uint64_t most)
{
    char *end;
    errno = 0;
    uint64_t value = strtoull(text ? text : "", &end, 10);
    if (!text || !*text || *end || *text == '-' || errno || value < least || value > most)
        fail("'%s' is not a number from %llu to %llu", text ? text : "", (unsigned long long)least,
             (unsigned long long)most);
    return value;
}

int main(int argc, char **argv)
{
    struct storm storm = { .count = 1000, .parallel = 8, .seed = 1, .cores = 500, .fast_name = "storm-fast" };
    for (int i = 1; i < argc; i++) {
        const char *option = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (!strcmp(option, "--fast")) { storm.mode = MODE_FAST; continue; }
        if (!strcmp(option, "--count")) storm.count = number(value, 0, 1000000000);
        else if (!strcmp(option, "--parallel")) storm.parallel = (uint32_t)number(value, 1, PARALLEL_MAX);
        else if (!strcmp(option, "--seed")) storm.seed = number(value, 0, UINT64_MAX);
        else if (!strcmp(option, "--kinds")) storm.kinds = number(value, 0, 1000000);
        else if (!strcmp(option, "--names")) storm.names = number(value, 1, 1000000);
        else if (!strcmp(option, "--cores")) storm.cores = number(value, 0, 1000000000);
        else if (!strcmp(option, "--rate")) storm.rate = number(value, 0, 100000000);
        else if (!strcmp(option, "--name") && value && strlen(value) < NAME_SIZE) storm.fast_name = value;
        else fail("unknown option '%s'; see the top of storm.c", option);
        i++;
    }
    reset_signals();
    prepare(&storm);
    double start = now();
    if (storm.mode == MODE_FAST) run_fast(&storm);
    else run_mixed(&storm);
    storm.seconds = now() - start;
    print_truth(&storm);
    return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
