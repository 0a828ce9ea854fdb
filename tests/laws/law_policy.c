// SPDX-License-Identifier: Apache-2.0
//
// verify --policy and --baseline: each rule on both sides of where it decides; what is said where
// one cannot be asked; the options that a policy gives, and who goes before whom. (Lists of files:
// law_policy_lists.c.)
#include "policy_case.h"

#include <sys/stat.h>

#define SIGNED "fixtures/secure_boot/"
#define ENCRYPTED "fixtures/esp_encrypted_img/good-rsa.bin"
#define BOOTLOADER "fixtures/esp_image/good-bootloader-esp32h2.bin"
#define SKETCH "fixtures/esp8266/good-signed.bin"
#define PATCH "fixtures/delta/good-update.bin"
#define MERGED "fixtures/flash/good-merged-esp32.bin"

// ---- Files --------------------------------------------------------------------------------------

static int make_files(void **group)
{
    int failed = run_begin(group);
    policy_app("old.bin", "1.4.0", "lamp", 2, 0); // 512 bytes
    policy_app("new.bin", "1.4.1", "lamp", 2, 0);
    policy_app("rc.bin", "1.4.1-rc.1", "lamp", 2, 0);
    policy_app("odd.bin", "2025.6.0b2", "lamp", 2, 0);
    policy_app("git.bin", "v1.4.0-3-g0123abc", "lamp", 2, 0);
    policy_app("word.bin", "main", "lamp", 2, 0);
    policy_app("other.bin", "1.4.1", "fridge", 2, 0);
    policy_app("low.bin", "1.4.1", "lamp", 1, 0);
    policy_app("high.bin", "1.4.1", "lamp", 3, 0);
    policy_app("large.bin", "1.4.1", "lamp", 2, 128); // 640 bytes: a quarter more
    policy_table("table", 0x1000, 0x9000, NVS, "nvs");
    policy_table("table-more", 0x2000, 0x9000, NVS, "nvs");
    policy_table("table-less", 0x800, 0x9000, NVS, "nvs");
    policy_table("table-least", 0x200, 0x9000, NVS, "nvs");
    policy_table("table-moved", 0x1000, 0x30000, NVS, "nvs");
    policy_table("table-kind", 0x1000, 0x9000, 1, "nvs");
    policy_table("table-gone", 0x1000, 0x9000, NVS, "\x1B[1mstore");
    policy_table("table-twins", 0x1000, 0x9000, NVS, "ota_1");
    policy_table("table-unnamed", 0x1000, 0x9000, NVS, "");
    assert_int_equal(mkdir("sub", 0777), 0);
    policy_text("sub/old.bin", "no image");
    return failed;
}

// ---- Rules --------------------------------------------------------------------------------------

static const struct policy_row rows[] = {
    // version
    {0, "rules: {version: newer}", "new.bin --baseline old.bin", "p\\.yaml: 1 comparison holds$"},
    {1, "rules: {version: newer}", "old.bin --baseline new.bin",
     "version \"1\\.4\\.0\" is older than the baseline's \"1\\.4\\.1\"; .* \\[policy-version\\]$"},
    {1, "rules: {version: newer}", "new.bin --baseline new.bin", "is the same as"},
    {0, "rules: {version: not_older}", "new.bin --baseline new.bin", "1 comparison holds"},
    {1, "rules: {version: not_older}", "old.bin --baseline new.bin", "is older than"},
    {0, "rules: {version: newer}", "rc.bin --baseline old.bin", "holds"},
    {1, "rules: {version: newer}", "rc.bin --baseline new.bin", "is older than"},
    {0, "rules: {version: newer}", "git.bin --baseline old.bin", "holds"},
    {1, "rules: {version: newer}", "git.bin --baseline new.bin", "is older than"},
    {1, "rules: {version: newer}", "odd.bin --baseline old.bin",
     "\"2025\\.6\\.0b2\" is no version that has an order; .*version_order: dotted"},
    {0, "rules: {version: newer, version_order: dotted}", "odd.bin --baseline old.bin", "holds"},
    {1, "rules: {version: newer, version_order: dotted}", "rc.bin --baseline new.bin",
     "is the same as"},
    {0, "rules: {version: newer, version_order: semver}", "new.bin --baseline rc.bin", "holds"},
    {1, "rules: {version: newer, version_order: dotted}", "new.bin --baseline word.bin",
     "\"main\" is no version that has an order; .*begins with numbers"},
    // project, chip
    {0, "rules: {project: same}", "new.bin --baseline old.bin", "holds"},
    {1, "rules: {project: same}", "other.bin --baseline old.bin",
     "project_name is \"fridge\", the baseline's \"lamp\"; .*\\[policy-project\\]$"},
    {0, "rules: {chip: same}", "new.bin --baseline old.bin", "holds"},
    {1, "rules: {chip: same}", "new.bin --baseline fixtures/esp_image/good-app-esp32h2.bin",
     "chip is \"esp32c6\", the baseline's \"esp32h2\"; .*\\[policy-chip\\]$"},
    // secure_version
    {0, "rules: {secure_version: same}", "new.bin --baseline old.bin", "holds"},
    {1, "rules: {secure_version: same}", "low.bin --baseline old.bin",
     "secure_version is 1, the baseline's 2; set CONFIG_.*\\[policy-secure-version\\]$"},
    {1, "rules: {secure_version: same}", "high.bin --baseline old.bin",
     "secure_version is 3, the baseline's 2; .*eFuses.*may_rise"},
    {0, "rules: {secure_version: may_rise}", "high.bin --baseline old.bin", "holds"},
    {1, "rules: {secure_version: may_rise}", "low.bin --baseline old.bin", "; set CONFIG_"},
    // key_set: a and a, b, c
    {0, "rules: {key_set: same}",
     SIGNED "good-rsa3072-x3.bin --baseline " SIGNED "good-rsa3072-x3.bin", "holds"},
    {1, "rules: {key_set: same}",
     SIGNED "good-rsa3072-x3.bin --baseline " SIGNED "good-rsa3072.bin",
     "keys that have signed: [0-9a-f]{16}\\.\\.\\., .*, .*; the baseline: [0-9a-f]{16}\\.\\.\\.; "
     ".*\\[policy-key-set\\]$"},
    {0, "rules: {key_set: superset}",
     SIGNED "good-rsa3072-x3.bin --baseline " SIGNED "good-rsa3072.bin", "holds"},
    {1, "rules: {key_set: superset}",
     SIGNED "good-rsa3072.bin --baseline " SIGNED "good-rsa3072-x3.bin", "\\[policy-key-set\\]$"},
    {0, "rules: {key_set: common}",
     SIGNED "good-rsa3072.bin --baseline " SIGNED "good-rsa3072-x3.bin", "holds"},
    {1, "rules: {key_set: common}",
     SIGNED "good-ecdsa-p256.bin --baseline " SIGNED "good-rsa3072.bin", "\\[policy-key-set\\]$"},
    {0, "rules: {key_set: same}", "new.bin --baseline old.bin", "holds"},
    {1, "rules: {key_set: same}", SIGNED "good-rsa3072.bin --baseline old.bin",
     "the baseline: none;"},
    {0, "rules: {key_set: common}", SIGNED "good-rsa3072.bin --baseline old.bin", "holds"},
    {1, "rules: {key_set: common}", "new.bin --baseline " SIGNED "good-rsa3072.bin",
     "keys that have signed: none; the baseline: [0-9a-f]"},
    {1, "rules: {key_set: common}",
     SIGNED "bad-sig-signature.bin --baseline " SIGNED "good-rsa3072.bin",
     "keys that have signed: none; "},
    {1, "rules: {key_set: common}", SIGNED "good-v1.bin --baseline " SIGNED "good-v1.bin",
     "no signature of it tells its key; .*name the key with key:"},
    {1, "rules: {key_set: same}", SKETCH " --baseline " SKETCH, "no signature of it tells its key"},
    {1, "rules: {key_set: same}", SKETCH " --baseline fixtures/esp8266/good-arduino.bin",
     "signed: none; the baseline: none; "},
    {0, "part: bootloader\nrules: {key_set: same}", MERGED " --baseline " MERGED, "holds"},
    // partitions
    {0, "rules: {partitions: kept}", "table --baseline table", "holds"},
    {0, "rules: {partitions: kept}", "table-more --baseline table", "holds"},
    {1, "rules: {partitions: kept}", "table --baseline table-more",
     "partition \"ota_1\" had 8 KiB and has 4 KiB; .*\\[policy-partitions\\]$"},
    {1, "rules: {partitions: kept}", "table-moved --baseline table",
     "partition \"nvs\" was at 0x9000 and is at 0x30000; "},
    {1, "rules: {partitions: kept}", "table-kind --baseline table",
     "partition \"nvs\" was data nvs and is data phy; "},
    {1, "rules: {partitions: kept}", "table-gone --baseline table -a pt-labels",
     "partition \"nvs\" is gone; "},
    {1, "rules: {partitions: kept}", "table --baseline table-gone",
     "partition \"\\\\x1b\\[1mstore\" is gone; "},
    {0, "rules: {partitions: kept}", "table-unnamed --baseline table-unnamed", "holds"},
    {0, "rules: {partitions: kept}", "table-twins --baseline table-twins", "holds"},
    {0, "rules: {partitions: kept}", MERGED " --baseline " MERGED, "holds"},
    {0, "rules: {partitions: kept}",
     "fixtures/partition_csv/good-host.csv --baseline fixtures/partition_csv/good-host.csv",
     "holds"},
    {0, "rules: {partitions: kept}\nbaseline_partition_table: table",
     "new.bin --baseline old.bin -p table-more", "holds"},
    {1, "rules: {partitions: kept}\nbaseline_partition_table: table",
     "new.bin --baseline old.bin -p table-moved", "\\[policy-partitions\\]$"},
    // growth: 512 to 640 bytes
    {0, "rules: {growth: {max: 25%}}", "large.bin --baseline old.bin", "holds"},
    {1, "rules: {growth: {max: 24%}}", "large.bin --baseline old.bin",
     "the app grew by 128 bytes \\(25\\.0%\\), from 512 to 640 bytes, and growth has max: 24%; "
     ".*\\[policy-growth\\]$"},
    {0, "rules: {growth: {max: 128}}", "large.bin --baseline old.bin", "holds"},
    {1, "rules: {growth: {max: 127}}", "large.bin --baseline old.bin", "max: 127; "},
    {0, "rules: {growth: {min: -20%}}", "old.bin --baseline large.bin", "holds"},
    {1, "rules: {growth: {min: -19%}}", "old.bin --baseline large.bin",
     "the app shrank by 128 bytes \\(20\\.0%\\), from 640 to 512 bytes, and growth has min: -19%"},
    {0, "rules: {growth: {min: -0x80, max: 0}}", "old.bin --baseline large.bin", "holds"},
    {1, "rules: {growth: {min: 0%}}", "old.bin --baseline large.bin", "min: 0%"},
    {1, "rules: {growth: {min: 1}}", "new.bin --baseline old.bin", "grew by 0 bytes"},
    {0, "rules: {growth: {max: 1K}}", "large.bin --baseline old.bin", "holds"},
    // headroom: 512 of 4096 bytes are taken, so 87.5% are free
    {0, "rules: {headroom: 3584}", "new.bin -p table", "holds"},
    {1, "rules: {headroom: 3585}", "new.bin -p table",
     "the app has 512 bytes and leaves 3,584 bytes \\(87\\.5%\\) free in OTA partition ota_0; "
     "headroom is 3585; .*\\[policy-headroom\\]$"},
    {0, "rules: {headroom: 87%}\npartition_table: table", "new.bin", "holds"},
    {1, "rules: {headroom: 88%}\npartition_table: table", "new.bin", "\\[policy-headroom\\]$"},
    {1, "rules: {headroom: 76%}", "new.bin -p table-less",
     "leaves 1,536 bytes \\(75\\.0%\\) free in OTA partition ota_1"},
    {1, "rules: {headroom: 0}", "large.bin -p table-least -a host-slot",
     "has 640 bytes and does not fit OTA partition ota_1; headroom is 0"},
    {1, "rules: {headroom: 1}", "new.bin -p fixtures/partition_table/good-rcp.bin -a host-update",
     "has no OTA partition; .*\\[policy-headroom\\]$"},

    // zigbee_version: the app says 1.4.2, the file 0x01040200
    {0, "rules: {zigbee_version: major.minor.patch.0}", "fixtures/zigbee/good-app.bin", "holds"},
    {1, "rules: {zigbee_version: major.minor.patch.1}", "fixtures/zigbee/good-app.bin",
     "file_version is 0x01040200, and .* is 0x01040201; .*\\[policy-zigbee-version\\]$"},
    {1, "rules: {zigbee_version: 'major.minor.0.patch:4'}", "fixtures/zigbee/good-app.bin",
     "is 0x01040024"},
    {1, "rules: {zigbee_version: major.minor.patch.0}", "fixtures/zigbee/bad-zigbee-payload.bin",
     "no app that says its version"},
    {0, "rules: {zigbee_version: major.minor.patch.0}", "new.bin", "holds"},
    {2, "rules: {zigbee_version: newer}", "new.bin", "'newer' does not say how"},
    // unchanged
    {0, "rules: {unchanged: [desc.idf_ver, 'segments[3]']}", "new.bin --baseline old.bin",
     "2 comparisons hold$"},
    {1, "rules: {unchanged: [desc.version]}", "new.bin --baseline old.bin",
     "desc\\.version is \"1\\.4\\.1\", in the baseline \"1\\.4\\.0\"; .*\\[policy-unchanged\\]$"},
    {1, "rules: {unchanged: [desc]}", "new.bin --baseline old.bin",
     "desc is 256 bytes, in the baseline 256 bytes, and they differ; "},
    {1, "rules: {unchanged: [desc.verzion]}", "new.bin --baseline old.bin",
     "did you mean 'version'.*\\[policy-unchanged\\]$"},
    {1, "rules: {unchanged: ['signatures[0]']}", SIGNED "good-rsa3072.bin --baseline new.bin",
     "in the baseline: .*\\[policy-unchanged\\]$"},
    // What cannot be asked.
    {0, "rules: {version: newer, growth: {max: 1%}, headroom: 1}", "new.bin",
     "0 comparisons hold; not checked: policy-version, policy-growth need --baseline; "
     "policy-headroom needs --partition-table$"},
    {0, "rules: {partitions: kept}", "new.bin --baseline old.bin",
     "not checked: policy-partitions needs --partition-table and baseline_partition_table$"},
    {0, "rules: {partitions: kept}", "new.bin -p table --baseline old.bin",
     "not checked: policy-partitions needs baseline_partition_table$"},
    {1, "rules: {version: newer}", "table --baseline old.bin",
     "the file has no app that says its version; give files that do, .*\\[policy-version\\]$"},
    {1, "rules: {project: same}", "new.bin --baseline table",
     "the baseline has no app that says its project_name; "},
    {1, "rules: {chip: same, secure_version: same}", "table --baseline table",
     "\\[policy-secure-version\\]$"},
    {0, "rules: {version: not_older, project: same}",
     "fixtures/esp8266/good-rtos.bin --baseline fixtures/esp8266/good-rtos.bin", "2 comparisons"},
    {1, "rules: {chip: same}",
     "fixtures/esp8266/good-rtos.bin --baseline fixtures/esp8266/good-rtos.bin",
     "no app that says its chip; "},
    {1, "rules: {secure_version: same}", "new.bin --baseline fixtures/esp8266/good-arduino.bin",
     "no app that says its secure_version"},
    {1, "rules: {project: same}", BOOTLOADER " --baseline " BOOTLOADER,
     "no app that says its project_name; "},
    {0, "rules: {growth: {max: 0}}",
     "fixtures/esp8266/good-arduino.bin --baseline fixtures/esp8266/good-arduino.bin", "holds"},
    {1, "rules: {growth: {max: 0}}", "table --baseline old.bin",
     "the file has no app in it, and the baseline has one; .*\\[policy-growth\\]$"},
    // What cannot be read: nobody can tell. What needs none of it is asked all the same.
    {2, "rules: {version: newer, key_set: same}", ENCRYPTED " --baseline " ENCRYPTED,
     "p\\.yaml: policy-version, policy-key-set cannot be asked of what was not read; give "
     "--decrypt-key$"},
    {2, "rules: {version: newer}", "old.bin --baseline " ENCRYPTED, "give --decrypt-key$"},
    {2, "rules: {headroom: 1}", ENCRYPTED " -p table", "policy-headroom cannot .*--decrypt-key$"},
    {2, "rules: {chip: same, headroom: 0}", PATCH " --baseline old.bin",
     "policy-chip, policy-headroom cannot be asked of what was not read; give --base$"},
    {0, "rules: {chip: same, project: same}", PATCH " --base " POLICY_C6 " --baseline " POLICY_C6,
     "2 comparisons hold$"},
    {2, "rules: {chip: same}", "new.bin --baseline " PATCH, "give a baseline that is no patch$"},
    {2, "rules: {chip: same}", ENCRYPTED " --baseline " PATCH,
     "give --decrypt-key and a baseline that is no patch$"},
    {2, "rules: {partitions: kept}", ENCRYPTED " --baseline old.bin", "give --decrypt-key$"},
    {0, "rules: {partitions: kept}\nbaseline_partition_table: table",
     ENCRYPTED " --baseline old.bin -p table-more", "1 comparison holds$"},
    {0, "rules: {zigbee_version: major.minor.patch.0}", ENCRYPTED, "1 comparison holds$"},
    {0, "rules: {unchanged: [size]}", ENCRYPTED " --baseline " ENCRYPTED, "1 comparison holds$"},
    {2, "rules: {unchanged: [size, content.chip]}", ENCRYPTED " --baseline " ENCRYPTED,
     "policy-unchanged cannot be asked of what was not read; give --decrypt-key$"},
    {1, "rules: {unchanged: [nowhere]}", ENCRYPTED " --baseline " ENCRYPTED, "no 'nowhere'"},
    {2, "part: content\nrules: {key_set: same}", ENCRYPTED " --baseline " ENCRYPTED,
     "policy-key-set cannot be asked"},
    {1, "part: nowhere\nrules: {key_set: same}", "new.bin --baseline old.bin",
     "the file: there is no 'nowhere' .*\\[policy-key-set\\]$"},
    {1, "part: bootloader\nrules: {key_set: same}", MERGED " --baseline old.bin",
     "the baseline: there is no 'bootloader' .*\\[policy-key-set\\]$"},
    {1, "rules: {version: newer, key_set: same}\ndecrypt_key: fixtures/keys/rsa3072-a.pem",
     ENCRYPTED " --baseline " ENCRYPTED, "\\[policy-version\\]$"},
    {0, "rules: {partitions: kept}\nbaseline_partition_table: table",
     "fixtures/esp8266/good-arduino.bin --baseline fixtures/esp8266/good-arduino.bin -p table-more",
     "1 comparison holds$"},
    // The baseline.
    {2, "baseline: required", "new.bin",
     "^otapack: p\\.yaml: a baseline is required; give .*--baseline"},
    {0, "baseline: required\nrules: {version: newer}", "new.bin --baseline old.bin", "holds"},
    {0, "baseline: old.bin\nrules: {version: newer}", "new.bin", "1 comparison holds"},
    {1, "baseline: old.bin\nrules: {version: newer}", "new.bin --baseline new.bin", "the same as"},
    {2, "rules: {version: newer}", "new.bin --baseline nowhere.bin", "nowhere\\.bin: cannot open"},
    {2, "rules: {version: newer}", "new.bin --baseline fixtures/esp_image/bad-esp-hash.bin",
     "bad-esp-hash\\.bin: the baseline fails a check: .*\\[esp-hash\\]$"},
    {1, "rules: {chip: same}\nallow: esp-hash",
     "new.bin --baseline fixtures/esp_image/bad-esp-hash.bin", "\\[policy-chip\\]$"},
    {2, "rules: {headroom: 1}", "new.bin --baseline old.bin",
     "^otapack: p\\.yaml: no rule in it looks at a baseline; .* or leave --baseline out$"},
    {2, "baseline: old.bin", "new.bin", "no rule in it looks at .* or leave baseline: out$"},
    {2, "baseline: old.bin\nrules: {headroom: 1}", "new.bin -p table", "or leave baseline: out$"},
    {2, "baseline: required\nchip: esp32c6", "new.bin --baseline old.bin", "leave --baseline out$"},
    // Combined images and merged ones have an app in them.
    {1, "rules: {version: newer, project: same}",
     "fixtures/rcp_image/good-with-host.bin --baseline fixtures/rcp_image/good-with-host.bin",
     "version \"1\\.4\\.2\" is the same as"},
    {0, "rules: {version: not_older, chip: same}", MERGED " --baseline " MERGED,
     "2 comparisons hold"},
    // Options of verify.
    {1, "expect: [desc.version = 1.4.0]", "new.bin", "expected desc\\.version = 1\\.4\\.0, but"},
    {1, "expect: desc.version = 1.4.0", "new.bin", "expected desc\\.version = 1\\.4\\.0, but"},
    {1, "expect: [chip = esp32]", "new.bin -e desc.version=1.4.1", "expected chip = esp32"},
    {1, "expect: [chip = esp32c6]", "new.bin -e desc.version=1", "expected desc\\.version=1"},
    {1, "require_signed: true", "new.bin", "is not signed"},
    {0, "require_signed: false", "new.bin", "ok, "},
    {1, "key: [fixtures/keys/rsa3072-b.pub.pem]", SIGNED "good-rsa3072.bin", "no good signature"},
    {0, "key: fixtures/keys/rsa3072-a.pub.pem", SIGNED "good-rsa3072.bin",
     "by fixtures/keys/rsa3072-a\\.pub\\.pem"},
    {1, "warnings: fail", "fixtures/esp_image/bad-app-dirty.bin", "and --warnings fail"},
    {0, "warnings: fail", "fixtures/esp_image/bad-app-dirty.bin --warnings show", "1 warning"},
    {0, "warnings: fail\nallow: [app-dirty]", "fixtures/esp_image/bad-app-dirty.bin", "1 warning"},
    {1, "chip: esp32h2", "new.bin", "\\[device-chip\\]$"},
    {0, "chip: esp32h2", "new.bin --chip esp32c6", "ok, "},
    {2, "flash_size: 4MB", "new.bin", "of which no check can use --flash-size"},
};

TEST(each_rule_decides)
{
    policy_ask(rows, COUNT(rows));
}

// Options that verify has and publish has not.
static bool is_for_publish(const char *words)
{
    static const char *const others[] = {" -e ", " --warnings ", " --chip ", " --base "};
    bool is = true;
    for (size_t i = 0; i < COUNT(others); i++) {
        is = is && strstr(words, others[i]) == NULL;
    }
    return is;
}

// Every line of a rule in `said`, a list of lines, is in `all`.
static bool has_rules_of(const char *all, char *said)
{
    bool has = true;
    for (char *line = strtok(said, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        bool of_rule = strstr(line, "[policy-") != NULL || strstr(line, "cannot be asked") != NULL;
        has = has && (!of_rule || strstr(all, line) != NULL);
    }
    return has;
}

// What verify says no to, or cannot tell, is not published, with the same exit status and all that
// its rules say, where the checks let it come to these; what verify lets through is.
TEST(what_verify_lets_through_is_published)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct policy_row *row = &rows[i];
        if (!is_for_publish(row->words)) {
            continue;
        }
        policy_take(row);
        char *said = strdup(run("verify -q --policy p.yaml %s", row->words)->err);
        const struct run *r = run("publish --to folder -o to -q --policy p.yaml %s", row->words);
        bool ends = row->status == 0 || r->status == 2 || says(r->err, ": not published: ");
        bool says_all = has_rules_of(r->err, said) || says(r->err, "checks? failed, see above$");
        if (r->status != row->status || !says_all || !ends) {
            complain("%s, %s: published with %d: %s", row->policy, row->words, r->status, r->err);
        }
        free(said);
    }
    complaints_end();
}

// A baseline alone asks what init writes.
TEST(a_baseline_alone)
{
    (void)expect(0, "init policy -o safe.yaml");
    static const char *const words[] = {"new.bin --baseline old.bin", "old.bin --baseline new.bin",
                                        "high.bin --baseline old.bin",
                                        "large.bin --baseline old.bin -p table"};
    for (size_t i = 0; i < COUNT(words); i++) {
        int status = run("verify %s", words[i])->status;
        char *said = strdup(last_run()->err);
        want(run("verify %s --policy safe.yaml", words[i])->status == status, "another status");
        want(strcmp(last_run()->err, said) == 0, "it is not what init writes: %s", said);
        free(said);
    }
    (void)expect(2, "verify new.bin --policy safe.yaml");
}

// Paths begin in the policy's folder; those of the command line do not.
TEST(paths_are_beside_the_policy)
{
    policy_text("sub/p.yaml", "otapack: 1\nbaseline: ../old.bin\nrules: {version: newer}\n"
                              "partition_table: ../table\n");
    (void)expect(0, "verify new.bin --policy sub/p.yaml");
    (void)expect(1, "verify new.bin --policy sub/p.yaml --baseline new.bin");
}

// Quiet: only what says no. Reports: every answer, in each of them.
TEST(what_is_printed)
{
    policy_text("p.yaml", "otapack: 1\nrules: {version: newer, project: same, headroom: 1}\n");
    (void)expect(0, "verify -q new.bin --policy p.yaml --baseline old.bin");
    want(last_run()->out_size == 0 && last_run()->err_size == 0, "quiet says something");
    (void)expect(1, "verify other.bin --policy p.yaml --baseline old.bin --json");
    static const char *const outcomes[] = {"pass", "fail", "skipped"};
    for (size_t i = 0; i < COUNT(outcomes); i++) {
        const json_t *answer = at(document(), "files[0].policy[%zu]", i);
        want(strcmp(json_string_value(at(answer, "outcome")), outcomes[i]) == 0, "another outcome");
        want((at(answer, "needs") != NULL) == (i == 2), "another message");
    }
    want(strcmp(json_string_value(at(document(), "files[0].verdict")), "fail") == 0, "no fail");
    (void)expect(1, "verify other.bin --policy p.yaml --baseline old.bin --format junit");
    want(says(last_run()->out, "failure message=\"project_name is"), "JUnit has no failure");
    want(says(last_run()->out, "skipped message=\"not checked; it needs --partition-table\""),
         "JUnit has none skipped");
    (void)expect(1, "verify other.bin --policy p.yaml --baseline old.bin --format github");
    want(
        says(last_run()->out, "^::error file=other.bin,title=otapack policy-project::project_name"),
        "GitHub has no annotation");
    (void)expect(1, "verify other.bin --policy p.yaml --baseline old.bin --format sarif");
    want(strcmp(json_string_value(at(document(), "runs[0].tool.driver.rules[0].id")),
                "policy-project") == 0,
         "SARIF has no rule");
}

UNIT(policy)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_decides),
        cmocka_unit_test(what_verify_lets_through_is_published),
        cmocka_unit_test(a_baseline_alone),
        cmocka_unit_test(paths_are_beside_the_policy),
        cmocka_unit_test(what_is_printed),
    };
    return cmocka_run_group_tests(tests, make_files, run_end);
}
