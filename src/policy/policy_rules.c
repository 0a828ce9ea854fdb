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

// ---- The app's own words ------------------------------------------------------------------------

// Without an app, on either side, nothing could be compared.
static bool has_apps(struct policy_look *look)
{
    bool release = look->release.desc != NULL;
    if (!release || look->baseline.desc == NULL) {
        policy_say_no_but(look, "give files that have one, or leave this rule out of the policy",
                          "the %s has no app with a description in it, and this is about one",
                          release ? "baseline" : "file");
        return false;
    }
    return true;
}

static const char *quoted(struct policy_look *look, const struct node *n, const char *field)
{
    return text_printable(look->arena, node_text(n, field));
}

static void check_version(struct policy_look *look)
{
    static const char *const words[] = {"older than", "the same as", "newer than"};
    if (!has_apps(look)) {
        return;
    }
    const char *is = node_text(look->release.desc, "version");
    const char *was = node_text(look->baseline.desc, "version");
    bool dotted = look->asked->version_order.number == 1 + (unsigned)VERSION_DOTTED;
    int order = 0;
    const char *none =
        version_order(look->arena, is, was, dotted ? VERSION_DOTTED : VERSION_SEMVER, &order);
    int least = look->asked->version.number == VERSION_NEWER ? 1 : 0;
    if (none != NULL) {
        policy_say_no_but(look,
                          dotted ? "give the release a version that begins with numbers, such as "
                                   "1.2.3"
                                 : "give the release a version such as 1.2.3, or let only the "
                                   "numbers in front count, with version_order: dotted",
                          "version is \"%s\", the baseline's \"%s\": %s",
                          text_printable(look->arena, is), text_printable(look->arena, was), none);
        return;
    }
    (order >= least ? policy_say_yes : policy_say_no)(
        look, "version \"%s\" is %s the baseline's \"%s\"", text_printable(look->arena, is),
        words[order + 1], text_printable(look->arena, was));
}

static void compare_text(struct policy_look *look, const struct node *is, const struct node *was,
                         const char *field)
{
    bool same = strcmp(node_text(is, field), node_text(was, field)) == 0;
    (same ? policy_say_yes : policy_say_no)(look, "%s is \"%s\", the baseline's \"%s\"", field,
                                            quoted(look, is, field), quoted(look, was, field));
}

static void check_project(struct policy_look *look)
{
    if (has_apps(look)) {
        compare_text(look, look->release.desc, look->baseline.desc, "project_name");
    }
}

static void check_chip(struct policy_look *look)
{
    if (has_apps(look)) {
        compare_text(look, look->release.app, look->baseline.app, "chip");
    }
}

static void check_secure_version(struct policy_look *look)
{
    if (!has_apps(look)) {
        return;
    }
    uint64_t is = node_number(look->release.desc, "secure_version");
    uint64_t was = node_number(look->baseline.desc, "secure_version");
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
     check_version},
    {NULL,
     {"version_order", &key_choice, AT(version_order),
      "how versions compare: by SemVer, or by the numbers in front alone",
      WORDS("semver", "dotted")},
     POLICY_NEEDS_NOTHING,
     NULL,
     NULL},
    {"policy-project",
     {"project", &key_choice, AT(project), "the app has the same project_name", WORDS("same")},
     POLICY_NEEDS_BASELINE,
     "compare files of one product, or build with its project name",
     check_project},
    {"policy-chip",
     {"chip", &key_choice, AT(chip), "the app is for the same chip", WORDS("same")},
     POLICY_NEEDS_BASELINE,
     "build for the chip of the devices in the field",
     check_chip},
    {"policy-secure-version",
     {"secure_version", &key_choice, AT(secure_version),
      "the app's secure_version is the same, or no lower", WORDS("same", "may_rise")},
     POLICY_NEEDS_BASELINE,
     "set CONFIG_BOOTLOADER_APP_SECURE_VERSION to no less than before: a device that has burned it "
     "refuses less",
     check_secure_version},
    {"policy-key-set",
     {"key_set", &key_choice, AT(key_set),
      "it is signed with the same keys, with these and perhaps more, or with at least one of them",
      WORDS("same", "superset", "common")},
     POLICY_NEEDS_BASELINE,
     "sign with the keys that the devices trust; where other keys are meant, change key_set",
     policy_key_set},
    {"policy-partitions",
     {"partitions", &key_choice, AT(partitions),
      "no partition moves, shrinks or goes, or has another type", WORDS("kept")},
     POLICY_NEEDS_BASELINE,
     "an update does not change a device's table, so leave partitions where they are, and add new "
     "ones behind them",
     policy_partitions},
    {"policy-growth",
     {"growth", &key_map, AT(growth), "the app grows by no less than min and no more than max",
      range_keys},
     POLICY_NEEDS_BASELINE,
     "see what was added or is missing, and change growth if that is meant",
     policy_growth},
    {"policy-headroom",
     {"headroom", &key_amount, AT(headroom), "so much is left in the smallest OTA partition", NULL},
     POLICY_NEEDS_NOTHING,
     "make the app smaller, or headroom",
     policy_headroom},
    {"policy-unchanged",
     {"unchanged", &key_policy_paths, AT(unchanged), "these fields and parts are what they were",
      NULL},
     POLICY_NEEDS_BASELINE,
     "leave it as it was, or take it out of unchanged",
     policy_unchanged},
    {0},
};
