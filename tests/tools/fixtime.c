// SPDX-License-Identifier: Apache-2.0
// For LD_PRELOAD: the wall clock stands still at FIXED_NOW (seconds since 1970), so that what a tool says of sessions
// that are still open can be compared.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static time_t fixed(void)
{
    const char *text = getenv("FIXED_NOW");
    return text ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *value)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real)
        real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, value);
    if (clock == CLOCK_REALTIME && fixed()) {
        value->tv_sec = fixed();
        value->tv_nsec = 0;
    }
    return result;
}

time_t time(time_t *into)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (into)
        *into = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *value, void *zone)
{
    (void)zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    value->tv_sec = now.tv_sec;
    value->tv_usec = now.tv_nsec / 1000;
    return 0;
}
