//! Every operation the sandbox knows: whether it writes, and the type of its request.

use super::{
    ANY, Kind, Part, app_user, common_device_config, common_phone_config, device_profile, end_user,
    line, one, one_of, opt, phone_get, phone_list, phone_service, phone_update, service_parameter,
    user_group,
};

/// One operation.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// Its name, also the name of the request element.
    pub name: &'static str,
    /// Whether a read-only account is refused it.
    pub writes: bool,
    /// The type of the request.
    pub parts: &'static [Part],
}

const fn read(name: &'static str, parts: &'static [Part]) -> Operation {
    Operation { name, writes: false, parts }
}

const fn write(name: &'static str, parts: &'static [Part]) -> Operation {
    Operation { name, writes: true, parts }
}

/// The operation of that name.
pub fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

const SKIP: Part = opt("skip", Kind::Integer);
const FIRST: Part = opt("first", Kind::Integer);
const ID: Part = one("uuid", Kind::Uuid);
const NAME: Part = one("name", Kind::Text(100));
const USERID: Part = one("userid", Kind::Text(ANY));
const SERVICE_NAME: Part = one("serviceName", Kind::Text(128));
static BY_NAME: &[Part] = &[one_of(&[NAME, ID])];
static BY_USERID: &[Part] = &[one_of(&[USERID, ID])];
static BY_SERVICE_NAME: &[Part] = &[one_of(&[SERVICE_NAME, ID])];
static STATEMENT: &[Part] = &[one("sql", Kind::Text(ANY))];
static NAME_AND_DESCRIPTION: &[Part] =
    &[opt("name", Kind::Text(ANY)), opt("description", Kind::Text(ANY))];
static NAME_ONLY: &[Part] = &[opt("name", Kind::Text(ANY))];

static OPERATIONS: &[Operation] = &[
    read("getCCMVersion", &[opt("processNodeName", Kind::Text(255))]),
    write("addAppUser", &[one("appUser", Kind::Children(app_user::ADD))]),
    read("getAppUser", &[one_of(&[USERID, ID]), opt("returnedTags", Kind::Tags(app_user::REPLY))]),
    write("updateAppUser", app_user::UPDATE),
    read(
        "listAppUser",
        &[
            one("searchCriteria", Kind::Criteria(&[opt("userid", Kind::Text(ANY))])),
            one("returnedTags", Kind::Tags(app_user::LISTED)),
            SKIP,
            FIRST,
        ],
    ),
    write("removeAppUser", BY_USERID),
    write("addIpPhoneServices", &[one("ipPhoneServices", Kind::Children(phone_service::ADD))]),
    read(
        "getIpPhoneServices",
        &[one_of(&[SERVICE_NAME, ID]), opt("returnedTags", Kind::Tags(phone_service::REPLY))],
    ),
    write("updateIpPhoneServices", phone_service::UPDATE),
    read(
        "listIpPhoneServices",
        &[
            one(
                "searchCriteria",
                Kind::Criteria(&[
                    opt("serviceName", Kind::Text(ANY)),
                    opt("serviceDescription", Kind::Text(ANY)),
                ]),
            ),
            one("returnedTags", Kind::Tags(phone_service::LISTED)),
            SKIP,
            FIRST,
        ],
    ),
    write("removeIpPhoneServices", BY_SERVICE_NAME),
    read("getPhone", &[one_of(&[NAME, ID]), opt("returnedTags", Kind::Tags(phone_get::REPLY))]),
    write("updatePhone", phone_update::UPDATE),
    read(
        "listPhone",
        &[
            one(
                "searchCriteria",
                Kind::Criteria(&[
                    opt("name", Kind::Text(ANY)),
                    opt("description", Kind::Text(ANY)),
                    opt("protocol", Kind::Text(ANY)),
                    opt("callingSearchSpaceName", Kind::Text(ANY)),
                    opt("devicePoolName", Kind::Text(ANY)),
                    opt("securityProfileName", Kind::Text(ANY)),
                ]),
            ),
            one("returnedTags", Kind::Tags(phone_list::LISTED)),
            SKIP,
            FIRST,
        ],
    ),
    write("applyPhone", BY_NAME),
    write("restartPhone", BY_NAME),
    write("resetPhone", BY_NAME),
    write(
        "doDeviceReset",
        &[
            one("deviceName", Kind::Reference),
            one_of(&[one("isHardReset", Kind::Boolean), one("deviceResetType", Kind::Word)]),
        ],
    ),
    write("applyCommonPhoneConfig", BY_NAME),
    write("resetCommonPhoneConfig", BY_NAME),
    read(
        "getDeviceProfile",
        &[one_of(&[NAME, ID]), opt("returnedTags", Kind::Tags(device_profile::REPLY))],
    ),
    write("updateDeviceProfile", device_profile::UPDATE),
    read(
        "listDeviceProfile",
        &[
            one("searchCriteria", Kind::Criteria(NAME_AND_DESCRIPTION)),
            one("returnedTags", Kind::Tags(device_profile::LISTED)),
            SKIP,
            FIRST,
        ],
    ),
    read(
        "getUserGroup",
        &[one_of(&[NAME, ID]), opt("returnedTags", Kind::Tags(user_group::REPLY))],
    ),
    write("updateUserGroup", user_group::UPDATE),
    read(
        "listUserGroup",
        &[
            one("searchCriteria", Kind::Criteria(NAME_ONLY)),
            one("returnedTags", Kind::Tags(user_group::LISTED)),
            SKIP,
            FIRST,
        ],
    ),
    read("getUser", &[one_of(&[USERID, ID]), opt("returnedTags", Kind::Tags(end_user::REPLY))]),
    read(
        "listUser",
        &[
            one(
                "searchCriteria",
                Kind::Criteria(&[
                    opt("firstName", Kind::Text(ANY)),
                    opt("lastName", Kind::Text(ANY)),
                    opt("userid", Kind::Text(ANY)),
                    opt("department", Kind::Text(ANY)),
                    opt("customerName", Kind::Text(ANY)).since(12, 5),
                ]),
            ),
            one("returnedTags", Kind::Tags(end_user::LISTED)),
            SKIP,
            FIRST,
        ],
    ),
    read(
        "listProcessNode",
        &[
            one(
                "searchCriteria",
                Kind::Criteria(&[
                    opt("name", Kind::Text(ANY)),
                    opt("description", Kind::Text(ANY)),
                    opt("processNodeRole", Kind::Word),
                ]),
            ),
            one("returnedTags", Kind::Tags(service_parameter::LISTED_NODE)),
            SKIP,
            FIRST,
        ],
    ),
    read("executeSQLQuery", STATEMENT),
    write("executeSQLUpdate", STATEMENT),
    read(
        "getCommonPhoneConfig",
        &[one_of(&[NAME, ID]), opt("returnedTags", Kind::Tags(common_phone_config::REPLY))],
    ),
    write("updateCommonPhoneConfig", common_phone_config::UPDATE),
    read(
        "listCommonPhoneConfig",
        &[
            one("searchCriteria", Kind::Criteria(NAME_ONLY)),
            one("returnedTags", Kind::Tags(common_phone_config::LISTED)),
            SKIP,
            FIRST,
        ],
    ),
    read(
        "getCommonDeviceConfig",
        &[one_of(&[NAME, ID]), opt("returnedTags", Kind::Tags(common_device_config::REPLY))],
    ),
    read(
        "listCommonDeviceConfig",
        &[
            one("searchCriteria", Kind::Criteria(NAME_ONLY)),
            one("returnedTags", Kind::Tags(common_device_config::LISTED)),
            SKIP,
            FIRST,
        ],
    ),
    read(
        "getLine",
        &[
            one_of(&[
                ID,
                Part::Sequence(&[
                    one("pattern", Kind::Text(ANY)),
                    opt("routePartitionName", Kind::Reference).nil(),
                ]),
            ]),
            opt("returnedTags", Kind::Tags(line::REPLY)),
        ],
    ),
    read(
        "listLine",
        &[
            one(
                "searchCriteria",
                Kind::Criteria(&[
                    opt("pattern", Kind::Text(ANY)),
                    opt("description", Kind::Text(ANY)),
                    opt("usage", Kind::Text(ANY)),
                    opt("routePartitionName", Kind::Text(ANY)),
                ]),
            ),
            one("returnedTags", Kind::Tags(line::LISTED)),
            SKIP,
            FIRST,
        ],
    ),
    read(
        "getLineGroup",
        &[one_of(&[NAME, ID]), opt("returnedTags", Kind::Tags(line::GROUP_REPLY))],
    ),
    read(
        "listLineGroup",
        &[
            one("searchCriteria", Kind::Criteria(NAME_ONLY)),
            one("returnedTags", Kind::Tags(line::GROUP_LISTED)),
            SKIP,
            FIRST,
        ],
    ),
    read("getEnterprisePhoneConfig", &[]),
    write("updateEnterprisePhoneConfig", common_phone_config::UPDATE_ENTERPRISE),
    read(
        "getServiceParameter",
        &[
            one_of(&[
                ID,
                Part::Sequence(&[
                    one("processNodeName", Kind::Reference),
                    one("name", Kind::Text(ANY)),
                    one("service", Kind::Word),
                ]),
            ]),
            opt("returnedTags", Kind::Tags(service_parameter::REPLY)),
        ],
    ),
    read(
        "listServiceParameter",
        &[
            one(
                "searchCriteria",
                Kind::Criteria(&[
                    opt("processNodeName", Kind::Text(ANY)),
                    opt("service", Kind::Text(ANY)),
                ]),
            ),
            one("returnedTags", Kind::Tags(service_parameter::LISTED)),
            SKIP,
            FIRST,
        ],
    ),
    write("updateServiceParameter", service_parameter::UPDATE),
];
