// SPDX-License-Identifier: Apache-2.0
// One login: login(1) as root, without a password, on a pseudo-terminal of its own.
//
//     ptylogin        prints the line (pts/0) and the process of the login once the shell answers; a line on standard
//                     input ends the shell. Prints "out" and ends when login(1) has.
#define _GNU_SOURCE
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int master;
    char name[64];
    pid_t child = forkpty(&master, name, NULL, NULL);
    if (child < 0) {
        perror("forkpty");
        return 1;
    }
    if (child == 0) {
        unsetenv("LD_PRELOAD");
        execl("/bin/login", "login", "-f", "root", (char *)NULL);
        _exit(127);
    }

    static const char ask[] = "echo is-$((40+2))\n";
    char seen[65536];
    size_t length = 0;
    if (write(master, ask, sizeof ask - 1) < 0)
        return 1;
    while (length < sizeof seen - 1) {
        ssize_t got = read(master, seen + length, sizeof seen - 1 - length);
        if (got <= 0) {
            fprintf(stderr, "the shell did not answer: %s\n", seen);
            return 1;
        }
        length += (size_t)got;
        seen[length] = 0;
        if (strstr(seen, "is-42"))
            break;
    }

    const char *line = name + strlen("/dev/");
    printf("%s %d\n", line, (int)child);
    fflush(stdout);
    if (getchar() == EOF)
        return 1;

    static const char bye[] = "exit\n";
    if (write(master, bye, sizeof bye - 1) < 0)
        return 1;
    while (read(master, seen, sizeof seen) > 0)
        ;
    waitpid(child, NULL, 0);
    puts("out");
    return 0;
}
