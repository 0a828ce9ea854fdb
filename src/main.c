// SPDX-License-Identifier: Apache-2.0
//
// otapack: packages and inspects over-the-air firmware images of Espressif devices.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "program.h"
#include "secret.h"

// Where standard input, output or error is closed, the next file that is opened would be it: what
// is written would go into itself, without end, and messages into an image. What stands there
// instead cannot be written to, as before; but errors go nowhere.
static void fill_standard_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

int main(int argc, char **argv)
{
    fill_standard_files();
    secret_take_environment();
    // A reader that has seen enough (| head) is no reason to die: what is left is not written.
    (void)signal(SIGPIPE, SIG_IGN);
    return program_run(argc, argv);
}
