// SPDX-License-Identifier: Apache-2.0
//
// sign --digest-only gives nothing to sign of an image that sign --key would not sign: of every
// fixture, the exit status of both is the same. Signatures that are there are replaced, for the one
// writes nothing, and is not asked to keep them.
#include "run.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEYS "fixtures/keys/"

static size_t compared, refused;

static int compare_one(const char *name, const struct stat *info, int type, struct FTW *at)
{
    const char *key = strstr(name, "esp8266") != NULL ? "rsa2048" : "ecdsa-p256-a";
    const char *dot = strrchr(name, '.');
    (void)info;
    (void)at;
    if (type != FTW_F || dot == NULL || strstr(name, "/keys/") != NULL || run_lacks(name)) {
        return 0;
    }
    int status = run("sign %s --replace --key " KEYS "%s.pem -o signed", name, key)->status;
    bool written = access("signed", F_OK) == 0;
    (void)unlink("signed");
    const struct run *asked =
        run("sign %s --replace --digest-only --public-key " KEYS "%s.pub.pem", name, key);
    if (asked->status != status || (asked->out_size > 0) != written) {
        complain("%s: signed %d, to be signed elsewhere %d: %s", name, status, asked->status,
                 asked->err);
    }
    compared++;
    refused += status == 1;
    return 0;
}

TEST(what_is_not_signed_is_not_signed_elsewhere)
{
    assert_int_equal(nftw("fixtures/", compare_one, 16, 0), 0);
    assert_true(refused > 100 && compared > refused + 100);
    complaints_end();
}

UNIT(sign_elsewhere)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_signed_is_not_signed_elsewhere),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
