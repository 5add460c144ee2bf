/* SPDX-License-Identifier: Apache-2.0 */

/* Every class is registered here, parents first. Its methods stand in its file. */

#include "classes.h"

#include "ext/spl/spl_exceptions.h"
#include "zend_interfaces.h"

#include "Archivist/Artifact_arginfo.h"
#include "Archivist/AsyncTask_arginfo.h"
#include "Archivist/Engine_arginfo.h"
#include "Archivist/Entries_arginfo.h"
#include "Archivist/Entry_arginfo.h"
#include "Archivist/EntryList_arginfo.h"
#include "Archivist/Exception/Exception_arginfo.h"
#include "Archivist/Failure_arginfo.h"
#include "Archivist/FindingKind_arginfo.h"
#include "Archivist/Finding_arginfo.h"
#include "Archivist/Format_arginfo.h"
#include "Archivist/IoPriority_arginfo.h"
#include "Archivist/JobResult_arginfo.h"
#include "Archivist/JobSpec_arginfo.h"
#include "Archivist/Job_arginfo.h"
#include "Archivist/Limits_arginfo.h"
#include "Archivist/LogLevel_arginfo.h"
#include "Archivist/LogRecord_arginfo.h"
#include "Archivist/Operation_arginfo.h"
#include "Archivist/PackageOptions_arginfo.h"
#include "Archivist/Progress_arginfo.h"
#include "Archivist/Report_arginfo.h"
#include "Archivist/Retry_arginfo.h"
#include "Archivist/StagedStatus_arginfo.h"
#include "Archivist/StagedTarget_arginfo.h"
#include "Archivist/StagingSwept_arginfo.h"
#include "Archivist/Staging_arginfo.h"
#include "Archivist/State_arginfo.h"
#include "Archivist/StorageApi_arginfo.h"
#include "Archivist/StorageCheck_arginfo.h"
#include "Archivist/StorageDriverFactory_arginfo.h"
#include "Archivist/StorageDriver_arginfo.h"
#include "Archivist/StorageOptionKind_arginfo.h"
#include "Archivist/StorageOption_arginfo.h"
#include "Archivist/StorageSpace_arginfo.h"
#include "Archivist/StorageTask_arginfo.h"
#include "Archivist/Storage/Filesystem_arginfo.h"
#include "Archivist/StoredObject_arginfo.h"
#include "Archivist/Uuid_arginfo.h"
#include "Archivist/Verifier_arginfo.h"

static void class_add(zend_class_entry **into, zend_class_entry *ce, php_arv_kind *kind)
{
    *into = ce;
    if (kind)
        php_arv_kind_add(kind, ce);
}

/* The constructors that do nothing: of values and objects that only the extension makes. */
#define CLASS_MADE_HERE(name)                                                                                \
    ZEND_METHOD(Archivist_##name, __construct)                                                               \
    {                                                                                                        \
        ZEND_PARSE_PARAMETERS_NONE();                                                                        \
    }
CLASS_MADE_HERE(AsyncTask)
CLASS_MADE_HERE(Entries)
CLASS_MADE_HERE(Entry)
CLASS_MADE_HERE(Failure)
CLASS_MADE_HERE(Finding)
CLASS_MADE_HERE(Job)
CLASS_MADE_HERE(JobResult)
CLASS_MADE_HERE(LogRecord)
CLASS_MADE_HERE(Progress)
CLASS_MADE_HERE(Report)
CLASS_MADE_HERE(StagedStatus)
CLASS_MADE_HERE(StagedTarget)
CLASS_MADE_HERE(StagingSwept)
CLASS_MADE_HERE(StorageCheck)
CLASS_MADE_HERE(StorageDriverFactory)
CLASS_MADE_HERE(StorageSpace)
CLASS_MADE_HERE(StoredObject)
CLASS_MADE_HERE(Uuid)

#define CLASS(name, registered, kind) class_add(&php_arv_ce_##name, registered, kind)
#define EXCEPTION(name, parent)                                                                              \
    CLASS(name, register_class_Archivist_Exception_##name(php_arv_ce_##parent), NULL)
#define VALUE(name) CLASS(name, register_class_Archivist_##name(), NULL)
#define OBJECT(name) CLASS(name, register_class_Archivist_##name(), &php_arv_kind_##name)

void php_arv_classes_register(void)
{
    CLASS(ArchivistException, register_class_Archivist_Exception_ArchivistException(spl_ce_RuntimeException),
          NULL);
    EXCEPTION(InvalidArgumentException, ArchivistException);
    EXCEPTION(StateException, ArchivistException);
    EXCEPTION(UnsupportedException, ArchivistException);
    EXCEPTION(SourceException, ArchivistException);
    EXCEPTION(StorageException, ArchivistException);
    EXCEPTION(ExistsException, StorageException);
    EXCEPTION(NotFoundException, StorageException);
    EXCEPTION(IntegrityException, ArchivistException);
    EXCEPTION(CanceledException, ArchivistException);
    EXCEPTION(TimeoutException, ArchivistException);
    EXCEPTION(LimitException, ArchivistException);
    EXCEPTION(CallbackException, ArchivistException);
    EXCEPTION(InternalException, ArchivistException);
    VALUE(LogLevel);
    VALUE(LogRecord);
    VALUE(IoPriority);
    OBJECT(Engine);
    CLASS(EntryList, register_class_Archivist_EntryList(zend_ce_countable), &php_arv_kind_EntryList);
    VALUE(Format);
    OBJECT(PackageOptions);
    VALUE(Uuid);
    VALUE(Artifact);
    VALUE(StoredObject);
    VALUE(StorageCheck);
    VALUE(StorageSpace);
    VALUE(StorageDriver);
    CLASS(Filesystem, register_class_Archivist_Storage_Filesystem(php_arv_ce_StorageDriver),
          &php_arv_kind_Filesystem);
    VALUE(StorageOptionKind);
    VALUE(StorageOption);
    OBJECT(StorageDriverFactory);
    VALUE(Operation);
    VALUE(StorageTask);
    OBJECT(AsyncTask);
    OBJECT(StorageApi);
    VALUE(StagedStatus);
    VALUE(StagedTarget);
    VALUE(StagingSwept);
    OBJECT(Staging);
    VALUE(Limits);
    VALUE(Retry);
    OBJECT(JobSpec);
    VALUE(State);
    VALUE(Progress);
    VALUE(Failure);
    VALUE(JobResult);
    OBJECT(Job);
    VALUE(FindingKind);
    VALUE(Finding);
    VALUE(Report);
    VALUE(Entry);
    CLASS(Entries, register_class_Archivist_Entries(zend_ce_iterator), &php_arv_kind_Entries);
    OBJECT(Verifier);
    php_arv_secrets_mark(php_arv_ce_StorageDriverFactory, ZEND_STRL("getstoragedriver"), 1);
    php_arv_secrets_mark(php_arv_ce_StorageDriverFactory, ZEND_STRL("open"), 1);
    php_arv_secrets_mark(php_arv_ce_StorageApi, ZEND_STRL("getstoragedriver"), 1);
}
