// SPDX-License-Identifier: Apache-2.0
//
// Fetches a file from two servers in turn, over connections that are kept, and says how fast each
// is: http_load ROUNDS CONNECTIONS FILES PORT-A PORT-B PATH
//
// A round is so many files from A over so many connections at a time, and as many from B right
// after, so that whatever else the machine does falls on both. The ratio is the median of those of
// the rounds. Every answer must be as long as the first one.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MOST = 256, HEAD_MOST = 4096, ROUNDS_MOST = 1000 };

struct connection {
    int fd;
    char head[HEAD_MOST];
    size_t head_size;
    long left; // of the body; -1: the head is not there yet
};

static long body_size; // of the first answer

static void die(const char *what)
{
    fprintf(stderr, "http_load: %s\n", what);
    exit(2);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void ask(struct connection *c, const char *path)
{
    char request[512];
    int n = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n", path);
    c->head_size = 0;
    c->left = -1;
    if (n <= 0 || write(c->fd, request, (size_t)n) != n) {
        die("cannot ask");
    }
}

static void open_connection(struct connection *c, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&at, sizeof(at)) != 0) {
        die("cannot connect");
    }
}

// The head, as far as it is there; what is behind it is the body's.
static void take_head(struct connection *c, const char *bytes, size_t n)
{
    size_t room = sizeof(c->head) - 1 - c->head_size;
    size_t taken = n < room ? n : room;
    memcpy(c->head + c->head_size, bytes, taken);
    size_t before = c->head_size;
    c->head_size += taken;
    c->head[c->head_size] = '\0';
    char *end = strstr(c->head, "\r\n\r\n");
    if (end == NULL) {
        return;
    }
    const char *length = strcasestr(c->head, "\r\nContent-Length:");
    long size = length == NULL ? -1 : atol(length + strlen("\r\nContent-Length:"));
    if (strstr(c->head, " 200 ") == NULL || size <= 0 || (body_size != 0 && size != body_size)) {
        die("another answer than a file");
    }
    body_size = size;
    c->left = size - (long)(n - ((size_t)(end - c->head) + 4 - before));
}

// One answer may be over: true.
static bool take(struct connection *c)
{
    static char piece[1 << 18];
    ssize_t n = read(c->fd, piece, sizeof(piece));
    if (n <= 0) {
        die("cut off");
    }
    if (c->left < 0) {
        take_head(c, piece, (size_t)n);
    } else {
        c->left -= n;
    }
    return c->left == 0;
}

// Seconds for so many files.
static double fetch(int port, const char *path, int connections, int files)
{
    static struct connection all[CONNECTIONS_MOST];
    struct pollfd waiting[CONNECTIONS_MOST];
    int asked = 0, done = 0;
    for (int i = 0; i < connections; i++) {
        open_connection(&all[i], port);
        waiting[i] = (struct pollfd){.fd = all[i].fd, .events = POLLIN};
    }
    double began = now();
    for (int i = 0; i < connections && asked < files; i++, asked++) {
        ask(&all[i], path);
    }
    while (done < files) {
        if (poll(waiting, (nfds_t)connections, 10000) <= 0) {
            die("silence");
        }
        for (int i = 0; i < connections; i++) {
            if (waiting[i].revents == 0 || !take(&all[i])) {
                continue;
            }
            done++;
            if (asked < files) {
                ask(&all[i], path);
                asked++;
            } else {
                waiting[i].fd = -1;
            }
        }
    }
    double took = now() - began;
    for (int i = 0; i < connections; i++) {
        (void)close(all[i].fd);
    }
    return took;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *of, int n)
{
    qsort(of, (size_t)n, sizeof(*of), by_size);
    return of[n / 2];
}

int main(int argc, char **argv)
{
    static double a[ROUNDS_MOST], b[ROUNDS_MOST], ratio[ROUNDS_MOST];
    int rounds = argc == 7 ? atoi(argv[1]) : 0;
    int connections = argc == 7 ? atoi(argv[2]) : 0;
    int files = argc == 7 ? atoi(argv[3]) : 0;
    if (rounds < 1 || rounds > ROUNDS_MOST || connections < 1 || connections > CONNECTIONS_MOST ||
        files < connections) {
        die("usage: http_load ROUNDS CONNECTIONS FILES PORT-A PORT-B PATH");
    }
    (void)fetch(atoi(argv[4]), argv[6], connections, files); // to warm up
    (void)fetch(atoi(argv[5]), argv[6], connections, files);
    for (int i = 0; i < rounds; i++) {
        a[i] = fetch(atoi(argv[4]), argv[6], connections, files);
        b[i] = fetch(atoi(argv[5]), argv[6], connections, files);
        ratio[i] = b[i] / a[i];
    }
    double megabytes = (double)body_size * files / 1e6;
    printf("A %.0f MB/s  B %.0f MB/s  A / B %.2f\n", megabytes / median(a, rounds),
           megabytes / median(b, rounds), median(ratio, rounds));
    return 0;
}
