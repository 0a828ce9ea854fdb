/* SPDX-License-Identifier: Apache-2.0
 *
 * Arduino finds a library by a header in this folder; those in otapack/ are then found as well.
 */
#include "otapack/otapack.h"
