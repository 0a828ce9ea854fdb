// SPDX-License-Identifier: Apache-2.0
//
// verify --format junit: a server knows a case from run to run by its name, so that this is the
// same whatever the answer; and no two cases of a file have one.
#include "policy_case.h"

#include "words.h"

#define KEY_A " --key fixtures/keys/rsa3072-a.pub.pem"
#define KEY_B " --key fixtures/keys/rsa3072-b.pub.pem"
#define KEY_C " --key fixtures/keys/ecdsa-p256-a.pub.pem"
#define KEY_D " --key fixtures/keys/ecdsa-p256-b.pub.pem"
#define SIGNED "fixtures/secure_boot/good-rsa3072.bin"
#define TWICE "fixtures/secure_boot/good-rsa3072-x3.bin"

static int make_files(void **group)
{
    int failed = run_begin(group);
    policy_app("old.bin", "1.4.0", "lamp", 2, 0);
    policy_app("new.bin", "1.4.1", "lamp", 2, 0);
    policy_app("newer.bin", "1.4.2", "lamp", 2, 0);
    policy_app("other.bin", "1.3.0", "fridge", 1, 0);
    policy_table("table", 0x1000, 0x9000, NVS, "nvs");
    policy_text("p.yaml",
                "otapack: 1\n"
                "rules: {version: newer, project: same, secure_version: same, headroom: 1,"
                " growth: {max: 1%}, unchanged: [desc.project_name, desc.idf_ver]}\n"
                "expect: [desc.project_name = lamp, chip = esp32c6]\n");
    policy_text("l-new.json",
                "{\"name\": \"lamp\", \"version\": \"1.4.1\", \"builds\": [{\"chipFamily\": "
                "\"ESP32-C6\", \"ota\": {\"path\": \"new.bin\"}}]}");
    policy_text("l-other.json",
                "{\"name\": \"lamp\", \"version\": \"1.3.0\", \"builds\": [{\"chipFamily\": "
                "\"ESP32-C6\", \"ota\": {\"path\": \"other.bin\"}}]}");
    return failed;
}

// Two answers to one question.
static const struct {
    const char *words[2];
    int status[2];
} pairs[] = {
    {{"new.bin --policy p.yaml --baseline old.bin -p table",
      "newer.bin --policy p.yaml --baseline new.bin -p table"},
     {0, 0}},
    {{"new.bin --policy p.yaml --baseline old.bin -p table",
      "other.bin --policy p.yaml --baseline old.bin -p table"},
     {0, 1}},
    {{"l-new.json --policy p.yaml --baseline old.bin -e version=1.4.1",
      "l-other.json --policy p.yaml --baseline old.bin -e version=1.4.1"},
     {1, 1}},
    {{SIGNED KEY_A, SIGNED KEY_B}, {0, 1}},
    {{SIGNED KEY_A, SIGNED " --require-signed"}, {0, 0}},
    {{SIGNED KEY_B KEY_C, SIGNED KEY_C KEY_D}, {1, 1}},
    {{TWICE KEY_A, TWICE KEY_C}, {0, 1}},
};

static void names_of(const char *report, struct words *to)
{
    static const char begin[] = "<testcase classname=\"";
    for (const char *at = strstr(report, begin); at != NULL; at = strstr(at + 1, begin)) {
        const char *name = strstr(at, " name=\"") + strlen(" name=\"");
        char *copy = strndup(name, strcspn(name, "\""));
        words_add(to, copy);
        free(copy);
    }
}

static void check_alike(const struct words *one, const struct words *other)
{
    for (size_t i = 0; i < one->count; i++) {
        if (bsearch(&one->of[i], other->of, other->count, sizeof(*other->of), words_by_text) ==
            NULL) {
            complain("only one of two answers has the case %s", one->of[i]);
        }
        if (i > 0 && strcmp(one->of[i], one->of[i - 1]) == 0) {
            complain("two cases have the name %s", one->of[i]);
        }
    }
}

TEST(names_say_nothing_of_the_answer)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct words names[2] = {{0}, {0}};
        for (int n = 0; n < 2; n++) {
            names_of(expect(pairs[i].status[n], "verify --format junit %s", pairs[i].words[n])->out,
                     &names[n]);
            words_sort(&names[n]);
        }
        want(names[0].count > 10, "there are too few cases");
        check_alike(&names[0], &names[1]);
        check_alike(&names[1], &names[0]);
        words_free(&names[0]);
        words_free(&names[1]);
    }
    complaints_end();
}

// Of a rule, or an expectation, that is asked several times, it says of what.
TEST(names_say_what_is_asked)
{
    static const char *const names[] = {"policy-version", "policy-unchanged: desc\\.idf_ver",
                                        "expectation: chip = esp32c6",
                                        "builds\\[0\\]\\.files\\[0\\]\\.content: esp-checksum",
                                        "policy-headroom: builds\\[0\\].*C6\\)"};
    for (size_t i = 0; i < COUNT(names); i++) {
        bool of_list = strstr(names[i], "builds") != NULL;
        char line[200];
        (void)snprintf(line, sizeof(line), " name=\"%s\"/?>$", names[i]);
        want(says(run("verify --format junit %s", pairs[of_list ? 2 : 0].words[0])->out, line),
             "there is no case %s", names[i]);
    }
}

UNIT(case_names)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_say_nothing_of_the_answer),
        cmocka_unit_test(names_say_what_is_asked),
    };
    return cmocka_run_group_tests(tests, make_files, run_end);
}
