// SPDX-License-Identifier: Apache-2.0
//
// otapack: packages and inspects over-the-air firmware images of Espressif devices.
#include <signal.h>

#include "program.h"
#include "secret.h"

int main(int argc, char **argv)
{
    secret_take_environment();
    // A reader that has seen enough (| head) is no reason to die: what is left is not written.
    (void)signal(SIGPIPE, SIG_IGN);
    return program_run(argc, argv);
}
