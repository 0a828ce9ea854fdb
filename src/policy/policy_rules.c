// SPDX-License-Identifier: Apache-2.0
//
// The rules of a policy, one row each; and those of them that compare one field.
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "opt.h"
#include "policy_look.h"
#include "text.h"
#include "version_order.h"

// ---- One field on either side -------------------------------------------------------------------

// Two nodes that say the same thing of their files.
struct sides {
    const struct node *is, *was;
};

static struct sides descs(const struct policy_look *look)
{
    return (struct sides){look->release.desc, look->baseline.desc};
}

static bool says(const struct node *n, const char *field)
{
    return n != NULL && *node_text(n, field) != '\0';
}

// What one of the two does not say could not be compared.
static bool both_say(struct policy_look *look, struct sides s, const char *field)
{
    bool release = says(s.is, field), both = release && says(s.was, field);
    if (!both) {
        policy_say_no_but(look, "give files that do, or leave this rule out of the policy",
                          "the %s has no app that says its %s", release ? "baseline" : "file",
                          field);
    }
    return both;
}

static const char *quoted(struct policy_look *look, const struct node *n, const char *field)
{
    return text_printable(look->arena, node_text(n, field));
}

static void check_version(struct policy_look *look)
{
    static const char *const words[] = {"older than", "the same as", "newer than"};
    struct sides s = descs(look);
    if (!both_say(look, s, "version")) {
        return;
    }
    const char *is = quoted(look, s.is, "version"), *was = quoted(look, s.was, "version");
    bool dotted = look->asked->version_order.number == 1 + (unsigned)VERSION_DOTTED;
    int order = 0, least = look->asked->version.number == VERSION_NEWER ? 1 : 0;
    const char *none =
        version_order(look->arena, is, was, dotted ? VERSION_DOTTED : VERSION_SEMVER, &order);
    if (none != NULL) {
        policy_say_no_but(look,
                          dotted ? "give the release a version that begins with numbers, such as "
                                   "1.2.3"
                                 : "give the release a version such as 1.2.3, or let only the "
                                   "numbers in front count, with version_order: dotted",
                          "version is \"%s\", the baseline's \"%s\": %s", is, was, none);
        return;
    }
    (order >= least ? policy_say_yes : policy_say_no)(
        look, "version \"%s\" is %s the baseline's \"%s\"", is, words[order + 1], was);
}

static void compare_text(struct policy_look *look, struct sides s, const char *field)
{
    if (both_say(look, s, field)) {
        bool same = strcmp(node_text(s.is, field), node_text(s.was, field)) == 0;
        (same ? policy_say_yes : policy_say_no)(look, "%s is \"%s\", the baseline's \"%s\"", field,
                                                quoted(look, s.is, field),
                                                quoted(look, s.was, field));
    }
}

static void check_project(struct policy_look *look)
{
    compare_text(look, descs(look), "project_name");
}

static void check_chip(struct policy_look *look)
{
    compare_text(look, (struct sides){look->release.app, look->baseline.app}, "chip");
}

static void check_secure_version(struct policy_look *look)
{
    struct sides s = descs(look);
    if (!both_say(look, s, "secure_version")) {
        return;
    }
    uint64_t is = node_number(s.is, "secure_version"), was = node_number(s.was, "secure_version");
    bool may_rise = look->asked->secure_version.number == SECURE_VERSION_MAY_RISE;
    static const char format[] = "secure_version is %" PRIu64 ", the baseline's %" PRIu64;
    if (is > was && !may_rise) {
        policy_say_no_but(
            look,
            "a device that takes it burns it into its eFuses, and refuses all that is "
            "lower from then on; if that is meant, write secure_version: may_rise",
            format, is, was);
        return;
    }
    (is >= was ? policy_say_yes : policy_say_no)(look, format, is, was);
}

// ---- The table ----------------------------------------------------------------------------------

#define AT(member) offsetof(struct policy_rules, member)
#define WORDS(...) OPT_WORDS("HOW", __VA_ARGS__)

static const struct recipe_key range_keys[] = {
    {"min", &key_amount, offsetof(struct policy_range, min), "it grows by no less", NULL},
    {"max", &key_amount, offsetof(struct policy_range, max), "it grows by no more", NULL},
    {0},
};

const struct policy_rule policy_rules[] = {
    {"policy-version",
     {"version", &key_choice, AT(version), "the app's version is newer, or not older",
      WORDS("newer", "not_older")},
     POLICY_NEEDS_BASELINE,
     "raise it, with PROJECT_VER or a tag, or compare with the release before it",
     check_version,
     POLICY_OF_EACH,
     false},
    {NULL,
     {"version_order", &key_choice, AT(version_order),
      "how versions compare: by SemVer, or by the numbers in front alone",
      WORDS("semver", "dotted")},
     POLICY_NEEDS_NOTHING,
     NULL,
     NULL,
     POLICY_OF_EACH,
     false},
    {"policy-project",
     {"project", &key_choice, AT(project), "the app has the same project_name", WORDS("same")},
     POLICY_NEEDS_BASELINE,
     "compare files of one product, or build with its project name",
     check_project,
     POLICY_OF_EACH,
     false},
    {"policy-chip",
     {"chip", &key_choice, AT(chip), "the app is for the same chip", WORDS("same")},
     POLICY_NEEDS_BASELINE,
     "build for the chip of the devices in the field",
     check_chip,
     POLICY_OF_EACH,
     false},
    {"policy-secure-version",
     {"secure_version", &key_choice, AT(secure_version),
      "the app's secure_version is the same, or no lower", WORDS("same", "may_rise")},
     POLICY_NEEDS_BASELINE,
     "set CONFIG_BOOTLOADER_APP_SECURE_VERSION to no less than before: a device that has burned it "
     "refuses less",
     check_secure_version,
     POLICY_OF_EACH,
     false},
    {"policy-key-set",
     {"key_set", &key_choice, AT(key_set),
      "it is signed with the same keys, with these and perhaps more, or with at least one of them",
      WORDS("same", "superset", "common")},
     POLICY_NEEDS_BASELINE,
     "sign with the keys that the devices trust; where other keys are meant, change key_set",
     policy_key_set,
     POLICY_OF_THE_PART,
     true},
    {"policy-partitions",
     {"partitions", &key_choice, AT(partitions),
      "no partition moves, shrinks or goes, or has another type", WORDS("kept")},
     POLICY_NEEDS_BASELINE,
     "an update does not change a device's table, so leave partitions where they are, and add new "
     "ones behind them",
     policy_partitions,
     POLICY_OF_EACH,
     true},
    {"policy-growth",
     {"growth", &key_map, AT(growth), "the app grows by no less than min and no more than max",
      range_keys},
     POLICY_NEEDS_BASELINE,
     "see what was added or is missing, and change growth if that is meant",
     policy_growth,
     POLICY_OF_EACH,
     false},
    {"policy-headroom",
     {"headroom", &key_room, AT(headroom), "so much is left in the smallest OTA partition", NULL},
     POLICY_NEEDS_NOTHING,
     "make the app smaller, or headroom",
     policy_headroom,
     POLICY_OF_EACH,
     false},
    {"policy-zigbee-version",
     {"zigbee_version", &key_zigbee_version, AT(zigbee_version),
      "a Zigbee file_version is made so of the app's version", NULL},
     POLICY_NEEDS_NOTHING,
     "build the file again with version_from, or the app with the version that was meant",
     policy_zigbee_version,
     POLICY_OF_EACH,
     true},
    {"policy-unchanged",
     {"unchanged", &key_policy_paths, AT(unchanged), "these fields and parts are what they were",
      NULL},
     POLICY_NEEDS_BASELINE,
     "leave it as it was, or take it out of unchanged",
     policy_unchanged,
     POLICY_OF_THE_FILE,
     true},
    {0},
};
