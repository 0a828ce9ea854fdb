/* SPDX-License-Identifier: Apache-2.0
 *
 * The system of run.c on the machine that tests: any with POSIX.
 */
#include "run.h"

#include <fcntl.h>
#include <unistd.h>

int system_open(const char *path)
{
    return open(path, O_RDONLY);
}

int system_read(int file, uint8_t *to, size_t n)
{
    return (int)read(file, to, n);
}

int system_write(int file, const uint8_t *bytes, size_t n)
{
    return (int)write(file, bytes, n);
}

int main(int argc, char **argv)
{
    return run(argc, argv);
}
