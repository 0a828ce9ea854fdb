// SPDX-License-Identifier: Apache-2.0
//
// policy.h: what a policy gives, and what is said of one that is wrong, with its line and column;
// amounts.
#include "unit.h"

#include "scratch.h"
#include "verify_policy.h"

#define KEY FIXTURES "/keys/rsa3072-a.pub.pem"

static bool read_text(const char *text, struct arena *a, struct policy *p, struct err *e)
{
    *e = ERR_NONE;
    return policy_read("p.yaml", text, verify_opts, a, p, e);
}

static const struct policy_option *option(const struct policy *p, const char *name)
{
    const struct policy_option *o = p->options;
    while (o != NULL && strcmp(o->row->name, name) != 0) {
        o = o->next;
    }
    assert_non_null(o);
    return o;
}

TEST(what_a_policy_gives)
{
    struct arena a = ARENA_EMPTY;
    struct policy p;
    struct err e;
    file_write("old.bin", "", 0);
    assert_true(read_text("otapack: 1\n"
                          "baseline: old.bin\n"
                          "rules:\n"
                          "  version: not_older\n"
                          "  version_order: dotted\n"
                          "  key_set: common\n"
                          "  growth: {min: -10%, max: 64K}\n"
                          "  unchanged: [chip, desc]\n"
                          "expect: [chip = esp32]\n"
                          "key: [" KEY ", pkcs11:token=t;object=o]\n"
                          "keys: ring\n"
                          "require: 2\n"
                          "require_signed: true\n"
                          "allow: app-dirty\n"
                          "warnings: fail\n"
                          "chip: esp32c6\n",
                          &a, &p, &e));
    assert_string_equal(p.baseline, "old.bin");
    assert_false(p.needs_baseline);
    assert_int_equal(p.rules.version.number, 2);
    assert_int_equal(p.rules.version_order.number, 2);
    assert_int_equal(p.rules.key_set.number, 3);
    assert_int_equal(p.rules.project.number, 0);
    assert_true(p.rules.growth.min.percent && p.rules.growth.min.number == -10);
    assert_true(!p.rules.growth.max.percent && p.rules.growth.max.number == 65536);
    assert_string_equal(p.rules.unchanged->next->text, "desc");
    assert_string_equal(option(&p, "key")->values[0], KEY);
    assert_string_equal(option(&p, "key")->values[1], "pkcs11:token=t;object=o");
    assert_int_equal(option(&p, "key")->count, 2);
    assert_string_equal(option(&p, "require")->values[0], "2");
    assert_int_equal(option(&p, "require-signed")->count, 1);
    assert_string_equal(option(&p, "allow")->values[0], "app-dirty");
    arena_free(&a);
}

TEST(paths_are_beside_it)
{
    struct arena a = ARENA_EMPTY;
    struct policy p;
    struct err e = ERR_NONE;
    assert_int_equal(mkdir("sub", 0777), 0);
    file_write("sub/table", "", 0);
    assert_true(policy_read("sub/p.yaml",
                            "otapack: 1\nkeys: ring\nkey: a.pem\npartition_table: table\n",
                            verify_opts, &a, &p, &e));
    assert_string_equal(option(&p, "keys")->values[0], "sub/ring");
    assert_string_equal(option(&p, "key")->values[0], "sub/a.pem");
    assert_string_equal(option(&p, "partition-table")->values[0], "sub/table");
    arena_free(&a);
}

static const struct {
    const char *text, *says;
} faults[] = {
    {"", "p.yaml: is empty"},
    {"rules: {version: newer}\n", "p.yaml: is no policy; begin it with: otapack: 1"},
    {"[otapack]\n", "p.yaml: is no policy; "},
    {"otapack: 2\n", "p.yaml:1:10: policy version '2' is not known; a policy for this otapack"},
    // Keys.
    {"otapack: 1\nrule: {version: newer}\n",
     "p.yaml:2:1: there is no key 'rule' in a policy; did you mean 'rules'?"},
    {"otapack: 1\nversion: newer\n", "p.yaml:2:1: version is a rule; write it below rules:"},
    {"otapack: 1\nheadroom: 5%\n", "p.yaml:2:1: headroom is a rule; "},
    {"otapack: 1\nrequire-signed: true\n", "did you mean 'require_signed'?"},
    {"otapack: 1\nformat: json\n", "p.yaml:2:1: there is no key 'format' in a policy; "},
    {"otapack: 1\nquiet: true\n", "there is no key 'quiet'"},
    {"otapack: 1\npolicy: p.yaml\n", "there is no key 'policy'"},
    {"otapack: 1\n\"z\\x1B\": 1\n", "p.yaml:2:1: there is no key 'z\\x1b' in a policy; "},
    {"otapack: 1\nrules: {verzion: newer}\n",
     "p.yaml:2:9: there is no key 'verzion' here; did you mean 'version'?"},
    {"otapack: 1\nrules: {signed: true}\n", "p.yaml:2:9: there is no key 'signed' here; the keys"},
    {"otapack: 1\nrules: newer\n", "p.yaml:2:8: rules must be a map of keys, but is a value; see "
                                   "otapack-policy(5)"},
    {"otapack: 1\nrules:\n", "rules must be a map of keys, but is empty"},
    // Values.
    {"otapack: 1\nrules: {version: older}\n",
     "p.yaml:2:18: version 'older' is not known; write newer, not_older"},
    {"otapack: 1\nrules: {chip: esp32}\n", "p.yaml:2:15: chip 'esp32' is not known; write same"},
    {"otapack: 1\nrules: {project: [same]}\n", "project must be a value, but is a list"},
    {"otapack: 1\nrules: {headroom: much}\n", "p.yaml:2:19: headroom 'much' is no amount; "},
    {"otapack: 1\nrules: {headroom: -64K}\n",
     "p.yaml:2:19: headroom '-64K' is less than nothing; "},
    {"otapack: 1\nrules: {growth: 10%}\n", "p.yaml:2:17: growth must be a map of keys"},
    {"otapack: 1\nrules: {growth: {}}\n", "p.yaml:2:17: growth says nothing; "},
    {"otapack: 1\nrules: {chip: same, version_order: dotted}\n",
     "p.yaml:2:21: version_order says more of the rule version, which is not there; "},
    {"otapack: 1\nbaseline_partition_table: " KEY "\nrules: {chip: same}\n",
     "p.yaml:2:1: only the rule partitions looks at it, which is not there; "},
    {"otapack: 1\nrules: {growth: {min: 10%, max: 5%}}\n", "growth has a min above its max; "},
    {"otapack: 1\nrules: {growth: {most: 10%}}\n", "p.yaml:2:18: there is no key 'most' here"},
    {"otapack: 1\nrules: {growth: {max: 1.5%}}\n", "max '1.5%' is no amount; "},
    {"otapack: 1\nrules: {unchanged: chip}\n", "write unchanged: [chip]"},
    {"otapack: 1\nrules: {unchanged: ['a b']}\n", "p.yaml:2:21: "},
    {"otapack: 1\nbaseline: nowhere.bin\n", "p.yaml:2:11: baseline: nowhere.bin: cannot open"},
    {"otapack: 1\nbaseline: [required]\n", "p.yaml:2:11: baseline must be a value"},
    {"otapack: 1\nbaseline_partition_table: nowhere\n", "p.yaml:2:27: "},
    // Options.
    {"otapack: 1\nallow: [app-dirtz]\n",
     "p.yaml:2:9: allow 'app-dirtz' is not known; did you mean 'app-dirty'?"},
    {"otapack: 1\nallow: [zzz]\n", "see --allow in otapack-verify(1)"},
    {"otapack: 1\nwarnings: never\n",
     "p.yaml:2:11: warnings 'never' is not known; write show, fail"},
    {"otapack: 1\nwarnings: [fail]\n", "warnings must be a value, but is a list"},
    {"otapack: 1\nrequire: two\n", "p.yaml:2:10: require 'two' is no number"},
    {"otapack: 1\nrequire_signed: yes\n", "write true"},
    {"otapack: 1\nexpect: ['chip =']\n", "p.yaml:2:10: 'chip =' is no expectation"},
    {"otapack: 1\nexpect: [[chip]]\n", "p.yaml:2:10: expect must be a value, but is a list"},
    {"otapack: 1\nchip: esp33\n", "p.yaml:2:7: chip"},
    {"otapack: 1\nflash_size: big\n", "p.yaml:2:13: flash_size"},
    {"otapack: 1\npartition_table: nowhere.bin\n", "p.yaml:2:18: partition_table: nowhere.bin: "},
    {"otapack: 1\nkey: pkcs11:object=o?module-path=/x.so\n",
     "p.yaml:2:6: key: a policy names no PKCS#11 module; "},
    {"otapack: 1\ndecrypt_key: pkcs11:object=o?module-path=/x.so\n", "names no PKCS#11 module"},
    {"otapack: 1\nkey: ${OTAPACK_TEST_NOTHING}\n",
     "p.yaml:2:6: ${OTAPACK_TEST_NOTHING} is not defined; set it in the environment"},
    {"otapack: 1\nexpect: ['${app.desc.version}']\n", "is not defined; set it in the environment"},
    {"otapack: 1\nkey: ''\n", "key is empty; "},
};

TEST(what_is_wrong_has_its_place)
{
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct arena a = ARENA_EMPTY;
        struct policy p;
        struct err e;
        bool good = read_text(faults[i].text, &a, &p, &e);
        if (good || e.status != STATUS_CANNOT || strstr(e.text, faults[i].says) == NULL) {
            fail_msg("'%s': '%s', and not '%s'", faults[i].text, good ? "good" : e.text,
                     faults[i].says);
        }
        arena_free(&a);
    }
}

TEST(amounts)
{
    static const struct {
        const char *text;
        bool good, percent;
        int64_t number;
    } rows[] = {
        {"0", true, false, 0},           {"4096", true, false, 4096},
        {"0x10", true, false, 16},       {"64K", true, false, 65536},
        {"-64K", true, false, -65536},   {"2MB", true, false, 2 << 20},
        {"10%", true, true, 10},         {"-25%", true, true, -25},
        {"100000%", true, true, 100000}, {"4294967295", true, false, UINT32_MAX},
        {"", false, false, 0},           {"%", false, true, 0},
        {"-", false, false, 0},          {"--1", false, false, 0},
        {"10 %", false, true, 0},        {"1.5%", false, true, 0},
        {"1K%", false, true, 0},         {"100001%", false, true, 0},
        {"4294967296", false, false, 0}, {"99999999999999999999999999999999999", false, false, 0},
        {"+1", false, false, 0},         {"x", false, false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct policy_amount amount;
        bool good = policy_amount_parse(rows[i].text, &amount);
        if (good != rows[i].good ||
            (good && (amount.percent != rows[i].percent || amount.number != rows[i].number))) {
            fail_msg("'%s': %d, %" PRId64, rows[i].text, good, amount.number);
        }
    }
}

TEST(amounts_and_bytes)
{
    static const struct {
        const char *text;
        int64_t bytes;
        uint64_t whole;
        int order;
    } rows[] = {
        {"10", 9, 1, -1},         {"10", 10, 1, 0},
        {"10", 11, 1, 1},         {"-10", -11, 1, -1},
        {"-10", -10, 1, 0},       {"10%", 99, 999, -1},
        {"10%", 100, 1000, 0},    {"10%", 100, 999, 1},
        {"-10%", -101, 1000, -1}, {"-10%", -100, 1000, 0},
        {"0%", 0, 0, 0},          {"100000%", INT64_C(1) << 32, UINT64_C(1) << 32, -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct policy_amount amount;
        assert_true(policy_amount_parse(rows[i].text, &amount));
        int order = policy_amount_compare(rows[i].bytes, &amount, rows[i].whole);
        if (order != rows[i].order) {
            fail_msg("%" PRId64 " to %s of %" PRIu64 ": %d", rows[i].bytes, rows[i].text,
                     rows[i].whole, order);
        }
    }
}

// Every rule has what its lines are made of, and there are no more than a policy can note.
TEST(rules_are_whole)
{
    size_t count = 0;
    for (const struct policy_rule *rule = policy_rules; rule->key.name != NULL; rule++, count++) {
        assert_true(*rule->key.help != '\0');
        assert_int_equal(rule->id == NULL, rule->run == NULL);
        assert_int_equal(rule->id == NULL, rule->remedy == NULL);
        assert_true(rule->id == NULL || strncmp(rule->id, "policy-", 7) == 0);
    }
    assert_true(count <= POLICY_RULES_MOST);
}

UNIT(policy)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_policy_gives),         cmocka_unit_test(paths_are_beside_it),
        cmocka_unit_test(what_is_wrong_has_its_place), cmocka_unit_test(amounts),
        cmocka_unit_test(amounts_and_bytes),           cmocka_unit_test(rules_are_whole),
    };
    return cmocka_run_group_tests(tests, scratch_make, NULL);
}
