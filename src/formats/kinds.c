// SPDX-License-Identifier: Apache-2.0
#include "kinds.h"

#include <string.h>

#include "esp8266_tree.h"
#include "format_list.h"
#include "fs_image.h"
#include "rcp_seal.h"

bool is_manifest(const struct node *n)
{
    return node_is(n, &format_manifest);
}

bool is_matter(const struct node *n)
{
    return node_is(n, &format_matter);
}

bool is_flash(const struct node *n)
{
    return node_is(n, &format_flash);
}

bool is_partition_table(const struct node *n)
{
    return node_is(n, &format_partition_table);
}

bool is_partition_csv(const struct node *n)
{
    return node_is(n, &format_partition_csv);
}

bool is_esp_image(const struct node *n)
{
    return node_is(n, &format_esp_image);
}

bool is_esp8266_flash(const struct node *n)
{
    return node_is(n, &format_esp8266_flash);
}

bool is_zigbee(const struct node *n)
{
    return node_is(n, &format_zigbee);
}

bool is_whole_flash(const struct node *n)
{
    return is_flash(n) || is_esp8266_flash(n) || node_is(n, &format_esp8266_arduino);
}

bool is_esp8266_image(const struct node *n)
{
    return node_is(n, &format_esp8266_arduino) || node_is(n, &format_esp8266_flash) ||
           node_is(n, &format_esp8266_v2) || node_is(n, &format_esp8266_image);
}

bool is_fs_update(const struct node *n)
{
    return fs_image_is(esp8266_signature(n) == NULL ? n : node_find(n, "image", -1));
}

bool is_sealed(const struct node *n)
{
    return n->parent != NULL && rcp_seal_holds(n->parent) && rcp_seal_app(n->parent) == n;
}

struct node *matter_content(struct node *root)
{
    return is_matter(root) ? node_find(root, "payload", -1) : root;
}
