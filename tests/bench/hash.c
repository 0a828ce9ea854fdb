// SPDX-License-Identifier: Apache-2.0
//
// Reads files and computes their SHA-256, and nothing else: hash SHARE SHARES FILE...
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int hash_file(const char *name)
{
    static uint8_t block[64 * 1024];
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx ctx;
    ssize_t n;
    int fd = open(name, O_RDONLY);
    if (fd < 0) {
        perror(name);
        return 2;
    }
    sha256_init(&ctx);
    while ((n = read(fd, block, sizeof(block))) > 0) {
        sha256_update(&ctx, (size_t)n, block);
    }
    sha256_digest(&ctx, sizeof(digest), digest);
    (void)close(fd);
    printf("%02x%02x %s\n", digest[0], digest[1], name);
    return n < 0 ? 2 : 0;
}

int main(int argc, char **argv)
{
    int share = argc > 3 ? atoi(argv[1]) : 0, shares = argc > 3 ? atoi(argv[2]) : 0;
    int status = shares > 0 ? 0 : 2;
    for (int i = 3 + share; shares > 0 && i < argc && status == 0; i += shares) {
        status = hash_file(argv[i]);
    }
    return status;
}
