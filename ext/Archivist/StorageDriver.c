/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

arv_storage *php_arv_storage_of(arv_engine *engine, zend_object *driver)
{
    if (driver->ce == php_arv_ce_Filesystem)
        return php_arv_filesystem_open(engine, driver);
    return php_arv_storage_wrap(engine, driver);
}
