// SPDX-License-Identifier: Apache-2.0
//
// otapack: packages and inspects over-the-air firmware images of Espressif devices.
#include "os.h"
#include "program.h"
#include "secret.h"

int main(int argc, char **argv)
{
    os_begin();
    secret_take_environment();
    return program_run(argc, os_arguments(argv));
}
