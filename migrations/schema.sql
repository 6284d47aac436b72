-- Written by python -m ops.schema_snapshot --write; never by hand.

CREATE TABLE public.outbox (
    municipality text NOT NULL,
    key text NOT NULL,
    topic text NOT NULL,
    body jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    tries integer NOT NULL,
    last_problem text,
    done_at timestamp with time zone,
    CONSTRAINT ck_outbox_tries_not_negative CHECK ((tries >= 0))
);

ALTER TABLE ONLY public.outbox FORCE ROW LEVEL SECURITY;

ALTER TABLE public.outbox OWNER TO the_owner;

CREATE FUNCTION public.municipalities_with_outbox() RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT DISTINCT outbox.municipality
    FROM public.outbox
   WHERE (outbox.done_at IS NULL);

END;

ALTER FUNCTION public.municipalities_with_outbox() OWNER TO madoguchi_finder;

CREATE TABLE public.account (
    municipality text NOT NULL,
    account_id text NOT NULL,
    login text NOT NULL,
    display_name text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    password_temporary boolean NOT NULL,
    totp_required boolean NOT NULL,
    totp_secret bytea,
    totp_pending bytea,
    totp_last_step bigint,
    failed_count integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    disabled_at timestamp with time zone,
    CONSTRAINT ck_account_failed_count_not_negative CHECK ((failed_count >= 0)),
    CONSTRAINT ck_account_login_lower_case CHECK ((login = lower(login))),
    CONSTRAINT ck_account_role_known CHECK ((role = ANY (ARRAY['operator'::text, 'support_staff'::text, 'call_agent'::text, 'clerk'::text, 'site_manager'::text, 'operations_manager'::text, 'official'::text, 'auditor'::text])))
);

ALTER TABLE ONLY public.account FORCE ROW LEVEL SECURITY;

ALTER TABLE public.account OWNER TO the_owner;

CREATE FUNCTION public.municipality_of_login(wanted text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT account.municipality
    FROM public.account
   WHERE (account.login = municipality_of_login.wanted);

END;

ALTER FUNCTION public.municipality_of_login(wanted text) OWNER TO madoguchi_finder;

CREATE TABLE public.login_session (
    municipality text NOT NULL,
    session_id text NOT NULL,
    account_id text NOT NULL,
    token_sha256 bytea NOT NULL,
    device text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    address text
);

ALTER TABLE ONLY public.login_session FORCE ROW LEVEL SECURITY;

ALTER TABLE public.login_session OWNER TO the_owner;

CREATE FUNCTION public.municipality_of_session(wanted bytea) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT login_session.municipality
    FROM public.login_session
   WHERE (login_session.token_sha256 = municipality_of_session.wanted);

END;

ALTER FUNCTION public.municipality_of_session(wanted bytea) OWNER TO madoguchi_finder;

CREATE TABLE public.api_token (
    municipality text NOT NULL,
    token_id text NOT NULL,
    account_id text NOT NULL,
    token_sha256 bytea NOT NULL,
    label text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

ALTER TABLE ONLY public.api_token FORCE ROW LEVEL SECURITY;

ALTER TABLE public.api_token OWNER TO the_owner;

CREATE FUNCTION public.municipality_of_token(wanted bytea) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT api_token.municipality
    FROM public.api_token
   WHERE (api_token.token_sha256 = municipality_of_token.wanted);

END;

ALTER FUNCTION public.municipality_of_token(wanted bytea) OWNER TO madoguchi_finder;

CREATE TABLE public.access_record (
    municipality text NOT NULL,
    access_id bigint NOT NULL,
    account_id text,
    case_id text NOT NULL,
    purpose text NOT NULL,
    route text NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.access_record FORCE ROW LEVEL SECURITY;

ALTER TABLE public.access_record OWNER TO the_owner;

ALTER TABLE public.access_record ALTER COLUMN access_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.access_record_access_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.added_site (
    municipality text NOT NULL,
    site_id text NOT NULL,
    contract text NOT NULL,
    name text NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL,
    agreement text NOT NULL,
    added_by text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    address text NOT NULL,
    directions text NOT NULL,
    designated boolean NOT NULL,
    CONSTRAINT ck_added_site_days_in_order CHECK ((from_day <= to_day))
);

ALTER TABLE ONLY public.added_site FORCE ROW LEVEL SECURITY;

ALTER TABLE public.added_site OWNER TO the_owner;

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

ALTER TABLE public.alembic_version OWNER TO the_owner;

CREATE TABLE public.answered_request (
    municipality text NOT NULL,
    account_id text NOT NULL,
    key text NOT NULL,
    digest text NOT NULL,
    answer jsonb NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.answered_request FORCE ROW LEVEL SECURITY;

ALTER TABLE public.answered_request OWNER TO the_owner;

CREATE TABLE public.booking_day (
    municipality text NOT NULL,
    contract text NOT NULL,
    line text NOT NULL,
    site text NOT NULL,
    day date NOT NULL,
    capacity bigint,
    taken integer NOT NULL,
    closed_cause text,
    plan text NOT NULL,
    CONSTRAINT ck_booking_day_never_overbooked CHECK ((taken <= capacity)),
    CONSTRAINT ck_booking_day_taken_not_negative CHECK ((taken >= 0))
);

ALTER TABLE ONLY public.booking_day FORCE ROW LEVEL SECURITY;

ALTER TABLE public.booking_day OWNER TO the_owner;

CREATE TABLE public.booking_hour (
    municipality text NOT NULL,
    contract text NOT NULL,
    line text NOT NULL,
    site text NOT NULL,
    day date NOT NULL,
    hour integer NOT NULL,
    capacity integer NOT NULL,
    taken integer NOT NULL,
    CONSTRAINT ck_booking_hour_never_overbooked CHECK ((taken <= capacity)),
    CONSTRAINT ck_booking_hour_taken_not_negative CHECK ((taken >= 0))
);

ALTER TABLE ONLY public.booking_hour FORCE ROW LEVEL SECURITY;

ALTER TABLE public.booking_hour OWNER TO the_owner;

CREATE TABLE public.booking_slot (
    municipality text NOT NULL,
    contract text NOT NULL,
    line text NOT NULL,
    site text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    day date NOT NULL,
    capacity integer NOT NULL,
    taken integer NOT NULL,
    closed_cause text,
    hour integer,
    CONSTRAINT ck_booking_slot_never_overbooked CHECK ((taken <= capacity)),
    CONSTRAINT ck_booking_slot_taken_not_negative CHECK ((taken >= 0)),
    CONSTRAINT ck_booking_slot_takes_time CHECK ((starts_at < ends_at))
);

ALTER TABLE ONLY public.booking_slot FORCE ROW LEVEL SECURITY;

ALTER TABLE public.booking_slot OWNER TO the_owner;

CREATE TABLE public.call_centre_network (
    municipality text NOT NULL,
    contract text NOT NULL,
    number integer NOT NULL,
    place integer NOT NULL,
    network text NOT NULL,
    label text NOT NULL,
    registered_by text NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    withdrawn_by text,
    withdrawn_at timestamp with time zone,
    CONSTRAINT ck_call_centre_network_number_positive CHECK ((number > 0)),
    CONSTRAINT ck_call_centre_network_withdrawal_whole CHECK (((withdrawn_by IS NULL) = (withdrawn_at IS NULL)))
);

ALTER TABLE ONLY public.call_centre_network FORCE ROW LEVEL SECURITY;

ALTER TABLE public.call_centre_network OWNER TO the_owner;

CREATE TABLE public.call_centre_place (
    municipality text NOT NULL,
    contract text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    country text NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    approved_by text,
    approved_at timestamp with time zone,
    approval_document text,
    CONSTRAINT ck_call_centre_place_approval_whole CHECK (((approved_by IS NULL) = (approved_at IS NULL))),
    CONSTRAINT ck_call_centre_place_number_positive CHECK ((number > 0))
);

ALTER TABLE ONLY public.call_centre_place FORCE ROW LEVEL SECURITY;

ALTER TABLE public.call_centre_place OWNER TO the_owner;

CREATE TABLE public.case_counter (
    municipality text NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL,
    CONSTRAINT ck_case_counter_last_not_negative CHECK ((last >= 0))
);

ALTER TABLE ONLY public.case_counter FORCE ROW LEVEL SECURITY;

ALTER TABLE public.case_counter OWNER TO the_owner;

CREATE TABLE public.case_event (
    municipality text NOT NULL,
    opened_on date NOT NULL,
    case_id text NOT NULL,
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    action text NOT NULL,
    actor text NOT NULL,
    role text,
    detail jsonb NOT NULL,
    sealed_reason bytea,
    key text NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_case_event_seq_positive CHECK ((seq > 0))
)
PARTITION BY RANGE (opened_on);

ALTER TABLE ONLY public.case_event FORCE ROW LEVEL SECURITY;

ALTER TABLE public.case_event OWNER TO the_owner;

CREATE TABLE public.case_event_default (
    municipality text CONSTRAINT case_event_municipality_not_null NOT NULL,
    opened_on date CONSTRAINT case_event_opened_on_not_null NOT NULL,
    case_id text CONSTRAINT case_event_case_id_not_null NOT NULL,
    seq integer CONSTRAINT case_event_seq_not_null NOT NULL,
    at timestamp with time zone CONSTRAINT case_event_at_not_null NOT NULL,
    action text CONSTRAINT case_event_action_not_null NOT NULL,
    actor text CONSTRAINT case_event_actor_not_null NOT NULL,
    role text,
    detail jsonb CONSTRAINT case_event_detail_not_null NOT NULL,
    sealed_reason bytea,
    key text CONSTRAINT case_event_key_not_null NOT NULL,
    prev_hash text CONSTRAINT case_event_prev_hash_not_null NOT NULL,
    hash text CONSTRAINT case_event_hash_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT case_event_recorded_at_not_null NOT NULL,
    CONSTRAINT ck_case_event_seq_positive CHECK ((seq > 0))
);

ALTER TABLE public.case_event_default OWNER TO the_owner;

CREATE TABLE public.case_file (
    municipality text NOT NULL,
    case_id text NOT NULL,
    contract text NOT NULL,
    contract_version text NOT NULL,
    kind text NOT NULL,
    case_number text NOT NULL,
    parent_id text,
    stage text NOT NULL,
    owner text,
    due_at timestamp with time zone,
    target_at timestamp with time zone,
    deadline jsonb,
    stuck text,
    stuck_at timestamp with time zone,
    escalated_to text,
    state jsonb NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    opened_on date NOT NULL,
    closed_at timestamp with time zone,
    last_seq integer NOT NULL,
    last_hash text NOT NULL,
    CONSTRAINT ck_case_file_kind_known CHECK ((kind = ANY (ARRAY['lot'::text, 'card'::text, 'returned_mail'::text, 'handoff'::text, 'visit'::text, 'reservation'::text, 'list_sending'::text, 'procedure'::text, 'external_entry'::text, 'inquiry'::text, 'application'::text, 'venue'::text, 'defect'::text, 'obligation'::text, 'incident'::text, 'city_record'::text, 'ticket'::text]))),
    CONSTRAINT ck_case_file_last_seq_not_negative CHECK ((last_seq >= 0)),
    CONSTRAINT ck_case_file_opened_on_first_of_month CHECK ((EXTRACT(day FROM opened_on) = (1)::numeric))
);

ALTER TABLE ONLY public.case_file FORCE ROW LEVEL SECURITY;

ALTER TABLE public.case_file OWNER TO the_owner;

CREATE TABLE public.catalogue_switch (
    municipality text NOT NULL,
    number bigint NOT NULL,
    contract text NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    switched_on boolean NOT NULL,
    from_day date NOT NULL,
    agreement text NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_catalogue_switch_agreement_named CHECK ((agreement <> ''::text)),
    CONSTRAINT ck_catalogue_switch_kind_known CHECK ((kind = ANY (ARRAY['procedure'::text, 'category'::text])))
);

ALTER TABLE ONLY public.catalogue_switch FORCE ROW LEVEL SECURITY;

ALTER TABLE public.catalogue_switch OWNER TO the_owner;

ALTER TABLE public.catalogue_switch ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.catalogue_switch_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.closure (
    municipality text NOT NULL,
    closure_id text NOT NULL,
    contract text NOT NULL,
    calendar text NOT NULL,
    day date NOT NULL,
    from_time text,
    to_time text,
    cause text NOT NULL,
    added_by text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    withdrawn_by text,
    withdrawn_at timestamp with time zone
);

ALTER TABLE ONLY public.closure FORCE ROW LEVEL SECURITY;

ALTER TABLE public.closure OWNER TO the_owner;

CREATE TABLE public.contact_number (
    municipality text NOT NULL,
    contract text NOT NULL,
    number integer NOT NULL,
    telephone text NOT NULL,
    agreement text NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_contact_number_number_positive CHECK ((number > 0))
);

ALTER TABLE ONLY public.contact_number FORCE ROW LEVEL SECURITY;

ALTER TABLE public.contact_number OWNER TO the_owner;

CREATE TABLE public.contract_activation (
    municipality text NOT NULL,
    contract text NOT NULL,
    contract_date date NOT NULL,
    activated_by text NOT NULL,
    activated_at timestamp with time zone NOT NULL,
    extended_to date,
    extension_agreement text
);

ALTER TABLE ONLY public.contract_activation FORCE ROW LEVEL SECURITY;

ALTER TABLE public.contract_activation OWNER TO the_owner;

CREATE TABLE public.contract_version (
    municipality text NOT NULL,
    version text NOT NULL,
    contract text NOT NULL,
    document jsonb NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.contract_version FORCE ROW LEVEL SECURITY;

ALTER TABLE public.contract_version OWNER TO the_owner;

CREATE TABLE public.core_system_id (
    municipality text NOT NULL,
    contract text NOT NULL,
    number integer NOT NULL,
    system text NOT NULL,
    core_id text NOT NULL,
    account_id text NOT NULL,
    issued_on date NOT NULL,
    issued_by text NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    revoked_on date,
    revoked_by text,
    revoked_at timestamp with time zone,
    CONSTRAINT ck_core_system_id_number_positive CHECK ((number > 0)),
    CONSTRAINT ck_core_system_id_revocation_whole CHECK (((revoked_on IS NULL) = (revoked_by IS NULL))),
    CONSTRAINT ck_core_system_id_revoked_after_issue CHECK ((revoked_on >= issued_on))
);

ALTER TABLE ONLY public.core_system_id FORCE ROW LEVEL SECURITY;

ALTER TABLE public.core_system_id OWNER TO the_owner;

CREATE TABLE public.custody_item (
    municipality text NOT NULL,
    item_id text NOT NULL,
    case_id text NOT NULL,
    lot_id text,
    kind text NOT NULL,
    holder text NOT NULL,
    CONSTRAINT ck_custody_item_holder_known CHECK ((holder = ANY (ARRAY['outside'::text, 'city'::text, 'provider'::text, 'hand_over'::text]))),
    CONSTRAINT ck_custody_item_kind_known CHECK ((kind = ANY (ARRAY['card'::text, 'notice'::text, 'documents'::text, 'returned_mail'::text])))
);

ALTER TABLE ONLY public.custody_item FORCE ROW LEVEL SECURITY;

ALTER TABLE public.custody_item OWNER TO the_owner;

CREATE TABLE public.custody_movement (
    municipality text NOT NULL,
    item_id text NOT NULL,
    event_seq integer NOT NULL,
    source text NOT NULL,
    target text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT ck_custody_movement_goes_somewhere CHECK ((source <> target))
);

ALTER TABLE ONLY public.custody_movement FORCE ROW LEVEL SECURITY;

ALTER TABLE public.custody_movement OWNER TO the_owner;

CREATE TABLE public.data_key (
    municipality text NOT NULL,
    case_id text NOT NULL,
    wrapped bytea,
    shredded_at timestamp with time zone
);

ALTER TABLE ONLY public.data_key FORCE ROW LEVEL SECURITY;

ALTER TABLE public.data_key OWNER TO the_owner;

CREATE TABLE public.desk_check_in (
    municipality text NOT NULL,
    check_in_id text NOT NULL,
    contract text NOT NULL,
    site text NOT NULL,
    desk text NOT NULL,
    day date NOT NULL,
    at timestamp with time zone NOT NULL,
    ready_by text,
    late boolean,
    account_id text NOT NULL
);

ALTER TABLE ONLY public.desk_check_in FORCE ROW LEVEL SECURITY;

ALTER TABLE public.desk_check_in OWNER TO the_owner;

CREATE TABLE public.disposal_item (
    municipality text NOT NULL,
    contract text NOT NULL,
    number integer NOT NULL,
    case_id text NOT NULL,
    case_number text NOT NULL,
    kind text NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    disposed_at timestamp with time zone,
    kept_because text,
    CONSTRAINT ck_disposal_item_kept_because_known CHECK ((kept_because = ANY (ARRAY['held'::text, 'open'::text, 'not_due'::text]))),
    CONSTRAINT ck_disposal_item_one_outcome CHECK (((disposed_at IS NULL) OR (kept_because IS NULL)))
);

ALTER TABLE ONLY public.disposal_item FORCE ROW LEVEL SECURITY;

ALTER TABLE public.disposal_item OWNER TO the_owner;

CREATE TABLE public.disposal_list (
    municipality text NOT NULL,
    contract text NOT NULL,
    number integer NOT NULL,
    months integer NOT NULL,
    counted_from text NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    approved_by text,
    approved_at timestamp with time zone,
    CONSTRAINT ck_disposal_list_approval_whole CHECK (((approved_by IS NULL) = (approved_at IS NULL))),
    CONSTRAINT ck_disposal_list_counted_from_known CHECK ((counted_from = ANY (ARRAY['case_closed'::text, 'fiscal_year_end'::text, 'term_end'::text]))),
    CONSTRAINT ck_disposal_list_months_positive CHECK ((months > 0)),
    CONSTRAINT ck_disposal_list_number_positive CHECK ((number > 0))
);

ALTER TABLE ONLY public.disposal_list FORCE ROW LEVEL SECURITY;

ALTER TABLE public.disposal_list OWNER TO the_owner;

CREATE TABLE public.document (
    municipality text NOT NULL,
    document_id text NOT NULL,
    case_id text NOT NULL,
    kind text NOT NULL,
    ordinal integer NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size_bytes integer NOT NULL,
    sha256 text NOT NULL,
    sealed bytea,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_document_ordinal_positive CHECK ((ordinal > 0)),
    CONSTRAINT ck_document_size_bytes_not_negative CHECK ((size_bytes >= 0))
);

ALTER TABLE ONLY public.document FORCE ROW LEVEL SECURITY;

ALTER TABLE public.document OWNER TO the_owner;

CREATE TABLE public.drawn_number (
    municipality text NOT NULL,
    case_number text NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL
);

ALTER TABLE ONLY public.drawn_number FORCE ROW LEVEL SECURITY;

ALTER TABLE public.drawn_number OWNER TO the_owner;

CREATE TABLE public.guidance (
    municipality text NOT NULL,
    contract text NOT NULL,
    site text NOT NULL,
    language text NOT NULL,
    version integer NOT NULL,
    text text NOT NULL,
    written_by text NOT NULL,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_guidance_version_positive CHECK ((version > 0))
);

ALTER TABLE ONLY public.guidance FORCE ROW LEVEL SECURITY;

ALTER TABLE public.guidance OWNER TO the_owner;

CREATE TABLE public.history_archive (
    municipality text NOT NULL,
    case_id text NOT NULL,
    run_id text NOT NULL,
    workflow_id text NOT NULL,
    workflow_type text NOT NULL,
    history bytea NOT NULL,
    sha256 text NOT NULL,
    build_id text NOT NULL,
    contract_version text NOT NULL,
    archived_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.history_archive FORCE ROW LEVEL SECURITY;

ALTER TABLE public.history_archive OWNER TO the_owner;

CREATE TABLE public.knowledge_edition (
    municipality text NOT NULL,
    contract text NOT NULL,
    number integer NOT NULL,
    entries jsonb NOT NULL,
    digest text NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_knowledge_edition_number_positive CHECK ((number > 0))
);

ALTER TABLE ONLY public.knowledge_edition FORCE ROW LEVEL SECURITY;

ALTER TABLE public.knowledge_edition OWNER TO the_owner;

CREATE TABLE public.knowledge_version (
    municipality text NOT NULL,
    contract text NOT NULL,
    article integer NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    procedure text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    valid_from date,
    valid_until date,
    withdrawn boolean NOT NULL,
    reason text NOT NULL,
    agreement text NOT NULL,
    question text NOT NULL,
    written_by text NOT NULL,
    written_role text NOT NULL,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_knowledge_version_category_known CHECK ((category = ANY (ARRAY['work'::text, 'venue'::text, 'card_simple'::text, 'system'::text, 'notification_card'::text, 'certificate_and_pin'::text, 'documents'::text, 'portal'::text, 'card_use'::text, 'application'::text, 'smartphone'::text, 'online_window'::text, 'city_window'::text, 'other'::text]))),
    CONSTRAINT ck_knowledge_version_ends_after_it_begins CHECK ((valid_from <= valid_until)),
    CONSTRAINT ck_knowledge_version_kind_known CHECK ((kind = ANY (ARRAY['faq'::text, 'manual'::text]))),
    CONSTRAINT ck_knowledge_version_numbers_positive CHECK (((article > 0) AND (number > 0))),
    CONSTRAINT ck_knowledge_version_reason_given CHECK ((reason <> ''::text)),
    CONSTRAINT ck_knowledge_version_written_role_known CHECK ((written_role = ANY (ARRAY['operator'::text, 'support_staff'::text, 'call_agent'::text, 'clerk'::text, 'site_manager'::text, 'operations_manager'::text, 'official'::text, 'auditor'::text])))
);

ALTER TABLE ONLY public.knowledge_version FORCE ROW LEVEL SECURITY;

ALTER TABLE public.knowledge_version OWNER TO the_owner;

CREATE TABLE public.legal_hold (
    municipality text NOT NULL,
    hold_id text NOT NULL,
    case_id text NOT NULL,
    cause text NOT NULL,
    placed_by text NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    lifted_by text,
    lifted_at timestamp with time zone,
    CONSTRAINT ck_legal_hold_lifting_whole CHECK (((lifted_by IS NULL) = (lifted_at IS NULL)))
);

ALTER TABLE ONLY public.legal_hold FORCE ROW LEVEL SECURITY;

ALTER TABLE public.legal_hold OWNER TO the_owner;

CREATE TABLE public.list_recipient (
    municipality text NOT NULL,
    contract text NOT NULL,
    number integer NOT NULL,
    address text NOT NULL,
    sealed_password bytea NOT NULL,
    agreement text NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_list_recipient_number_positive CHECK ((number > 0))
);

ALTER TABLE ONLY public.list_recipient FORCE ROW LEVEL SECURITY;

ALTER TABLE public.list_recipient OWNER TO the_owner;

CREATE TABLE public.listed_person (
    municipality text NOT NULL,
    document_id text NOT NULL,
    case_id text NOT NULL,
    sent_to text,
    sent_at timestamp with time zone,
    CONSTRAINT ck_listed_person_sending_whole CHECK (((sent_to IS NULL) = (sent_at IS NULL)))
);

ALTER TABLE ONLY public.listed_person FORCE ROW LEVEL SECURITY;

ALTER TABLE public.listed_person OWNER TO the_owner;

CREATE TABLE public.lot_card (
    municipality text NOT NULL,
    case_id text NOT NULL,
    lot_id text NOT NULL,
    row_number integer NOT NULL,
    ref text NOT NULL,
    delivered_on date NOT NULL,
    result text NOT NULL,
    reasons jsonb NOT NULL,
    route text NOT NULL,
    CONSTRAINT ck_lot_card_row_number_positive CHECK ((row_number > 0))
);

ALTER TABLE ONLY public.lot_card FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lot_card OWNER TO the_owner;

CREATE TABLE public.lot_draft (
    municipality text NOT NULL,
    draft_id text NOT NULL,
    account_id text NOT NULL,
    sealed bytea NOT NULL,
    made_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.lot_draft FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lot_draft OWNER TO the_owner;

CREATE TABLE public.meeting (
    municipality text NOT NULL,
    contract text NOT NULL,
    number integer NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    held_on date NOT NULL,
    place text NOT NULL,
    notes jsonb NOT NULL,
    written_by text NOT NULL,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_meeting_kind_known CHECK ((kind = ANY (ARRAY['daily_report'::text, 'consultation'::text]))),
    CONSTRAINT ck_meeting_numbers_positive CHECK (((number > 0) AND (version > 0)))
);

ALTER TABLE ONLY public.meeting FORCE ROW LEVEL SECURITY;

ALTER TABLE public.meeting OWNER TO the_owner;

CREATE TABLE public.message (
    municipality text NOT NULL,
    case_id text NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    means text NOT NULL,
    state text NOT NULL,
    tries integer NOT NULL,
    last_problem text,
    message_id text NOT NULL,
    guidance_version text,
    made_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone,
    sent_at timestamp with time zone,
    CONSTRAINT ck_message_means_known CHECK ((means = ANY (ARRAY['mail'::text, 'sms'::text]))),
    CONSTRAINT ck_message_sent_has_its_moment CHECK (((state = 'sent'::text) = (sent_at IS NOT NULL))),
    CONSTRAINT ck_message_state_known CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'given_up'::text]))),
    CONSTRAINT ck_message_tries_not_negative CHECK ((tries >= 0))
);

ALTER TABLE ONLY public.message FORCE ROW LEVEL SECURITY;

ALTER TABLE public.message OWNER TO the_owner;

CREATE TABLE public.municipality_key (
    municipality text NOT NULL,
    master_id text NOT NULL,
    wrapped bytea,
    shredded_at timestamp with time zone
);

ALTER TABLE ONLY public.municipality_key FORCE ROW LEVEL SECURITY;

ALTER TABLE public.municipality_key OWNER TO the_owner;

CREATE TABLE public.person_vault (
    municipality text NOT NULL,
    case_id text NOT NULL,
    sealed bytea,
    name_key bytea,
    kana_key bytea,
    phone_key bytea,
    mail_key bytea
);

ALTER TABLE ONLY public.person_vault FORCE ROW LEVEL SECURITY;

ALTER TABLE public.person_vault OWNER TO the_owner;

CREATE TABLE public.photo_refusal (
    municipality text NOT NULL,
    refusal_id text NOT NULL,
    contract text NOT NULL,
    case_id text NOT NULL,
    problems text NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.photo_refusal FORCE ROW LEVEL SECURITY;

ALTER TABLE public.photo_refusal OWNER TO the_owner;

CREATE TABLE public.queue_counter (
    municipality text NOT NULL,
    contract text NOT NULL,
    place text NOT NULL,
    line text NOT NULL,
    day date NOT NULL,
    last integer NOT NULL,
    CONSTRAINT ck_queue_counter_counts_from_one CHECK ((last > 0))
);

ALTER TABLE ONLY public.queue_counter FORCE ROW LEVEL SECURITY;

ALTER TABLE public.queue_counter OWNER TO the_owner;

CREATE TABLE public.queue_ticket (
    municipality text NOT NULL,
    case_id text NOT NULL,
    contract text NOT NULL,
    place text NOT NULL,
    line text NOT NULL,
    letter text NOT NULL,
    number integer NOT NULL,
    day date NOT NULL,
    rank integer NOT NULL,
    resident boolean,
    stage text NOT NULL,
    desk text NOT NULL,
    calls integer NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    called_at timestamp with time zone,
    served_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT ck_queue_ticket_counts_from_one CHECK ((number > 0)),
    CONSTRAINT ck_queue_ticket_stage_known CHECK ((stage = ANY (ARRAY['in_line'::text, 'called'::text, 'serving'::text, 'served'::text, 'left'::text, 'no_show'::text, 'day_ended'::text])))
);

ALTER TABLE ONLY public.queue_ticket FORCE ROW LEVEL SECURITY;

ALTER TABLE public.queue_ticket OWNER TO the_owner;

CREATE TABLE public.refused_act (
    municipality text NOT NULL,
    refused_id bigint NOT NULL,
    account_id text NOT NULL,
    action text NOT NULL,
    case_id text,
    route text NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.refused_act FORCE ROW LEVEL SECURITY;

ALTER TABLE public.refused_act OWNER TO the_owner;

ALTER TABLE public.refused_act ALTER COLUMN refused_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.refused_act_refused_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.reservation (
    municipality text NOT NULL,
    case_id text NOT NULL,
    contract text NOT NULL,
    line text NOT NULL,
    site text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    day date NOT NULL,
    party integer NOT NULL,
    channel text NOT NULL,
    stage text NOT NULL,
    held_until timestamp with time zone,
    guided boolean NOT NULL,
    must_phone boolean NOT NULL,
    late boolean NOT NULL,
    reference text,
    made_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_reservation_channel_known CHECK ((channel = ANY (ARRAY['web'::text, 'phone'::text, 'window'::text, 'booth'::text]))),
    CONSTRAINT ck_reservation_somebody_comes CHECK ((party > 0)),
    CONSTRAINT ck_reservation_stage_known CHECK ((stage = ANY (ARRAY['held'::text, 'confirmed'::text, 'to_enter'::text, 'displaced'::text, 'arrived'::text, 'no_show'::text, 'cancelled'::text, 'lapsed'::text])))
);

ALTER TABLE ONLY public.reservation FORCE ROW LEVEL SECURITY;

ALTER TABLE public.reservation OWNER TO the_owner;

CREATE TABLE public.resident_display (
    municipality text NOT NULL,
    place text NOT NULL,
    display_id text NOT NULL,
    account_id text NOT NULL,
    session_id text NOT NULL,
    visit_id text,
    words text,
    turn integer NOT NULL,
    away boolean NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_resident_display_ends_after_it_begins CHECK ((opened_at < expires_at)),
    CONSTRAINT ck_resident_display_turn_not_negative CHECK ((turn >= 0))
);

ALTER TABLE ONLY public.resident_display FORCE ROW LEVEL SECURITY;

ALTER TABLE public.resident_display OWNER TO the_owner;

CREATE TABLE public.roster_entry (
    municipality text NOT NULL,
    contract text NOT NULL,
    day date NOT NULL,
    post text NOT NULL,
    place text NOT NULL,
    number integer NOT NULL,
    account_id text,
    telephone text NOT NULL,
    reason text,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_roster_entry_number_positive CHECK ((number > 0))
);

ALTER TABLE ONLY public.roster_entry FORCE ROW LEVEL SECURITY;

ALTER TABLE public.roster_entry OWNER TO the_owner;

CREATE TABLE public.roster_violation (
    municipality text NOT NULL,
    contract text NOT NULL,
    day date NOT NULL,
    post text NOT NULL,
    place text NOT NULL,
    nobody_from timestamp with time zone NOT NULL,
    found_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.roster_violation FORCE ROW LEVEL SECURITY;

ALTER TABLE public.roster_violation OWNER TO the_owner;

CREATE TABLE public.slip (
    municipality text NOT NULL,
    slip_id text NOT NULL,
    lot_id text NOT NULL,
    number integer NOT NULL,
    quantity integer NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    settled_by text,
    settled_at timestamp with time zone,
    outcome text,
    CONSTRAINT ck_slip_quantity_not_negative CHECK ((quantity >= 0))
);

ALTER TABLE ONLY public.slip FORCE ROW LEVEL SECURITY;

ALTER TABLE public.slip OWNER TO the_owner;

CREATE TABLE public.survey_count (
    municipality text NOT NULL,
    contract text NOT NULL,
    site text NOT NULL,
    day date NOT NULL,
    form text NOT NULL,
    question text NOT NULL,
    choice text NOT NULL,
    answers integer NOT NULL,
    CONSTRAINT ck_survey_count_answers_positive CHECK ((answers > 0))
);

ALTER TABLE ONLY public.survey_count FORCE ROW LEVEL SECURITY;

ALTER TABLE public.survey_count OWNER TO the_owner;

CREATE TABLE public.survey_sheet (
    municipality text NOT NULL,
    contract text NOT NULL,
    site text NOT NULL,
    day date NOT NULL,
    sheet text NOT NULL
);

ALTER TABLE ONLY public.survey_sheet FORCE ROW LEVEL SECURITY;

ALTER TABLE public.survey_sheet OWNER TO the_owner;

CREATE TABLE public.venue_day (
    municipality text NOT NULL,
    contract text NOT NULL,
    site text NOT NULL,
    day date NOT NULL,
    planned_by text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    withdrawn_by text,
    withdrawn_at timestamp with time zone,
    cause text
);

ALTER TABLE ONLY public.venue_day FORCE ROW LEVEL SECURITY;

ALTER TABLE public.venue_day OWNER TO the_owner;

ALTER TABLE ONLY public.case_event ATTACH PARTITION public.case_event_default DEFAULT;

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.case_event
    ADD CONSTRAINT pk_case_event PRIMARY KEY (municipality, opened_on, case_id, seq);

ALTER TABLE ONLY public.case_event_default
    ADD CONSTRAINT case_event_default_pkey PRIMARY KEY (municipality, opened_on, case_id, seq);

ALTER TABLE ONLY public.access_record
    ADD CONSTRAINT pk_access_record PRIMARY KEY (municipality, access_id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT pk_account PRIMARY KEY (municipality, account_id);

ALTER TABLE ONLY public.added_site
    ADD CONSTRAINT pk_added_site PRIMARY KEY (municipality, site_id);

ALTER TABLE ONLY public.answered_request
    ADD CONSTRAINT pk_answered_request PRIMARY KEY (municipality, account_id, key);

ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT pk_api_token PRIMARY KEY (municipality, token_id);

ALTER TABLE ONLY public.booking_day
    ADD CONSTRAINT pk_booking_day PRIMARY KEY (municipality, contract, line, site, day);

ALTER TABLE ONLY public.booking_hour
    ADD CONSTRAINT pk_booking_hour PRIMARY KEY (municipality, contract, line, site, day, hour);

ALTER TABLE ONLY public.booking_slot
    ADD CONSTRAINT pk_booking_slot PRIMARY KEY (municipality, contract, line, site, starts_at);

ALTER TABLE ONLY public.call_centre_network
    ADD CONSTRAINT pk_call_centre_network PRIMARY KEY (municipality, contract, number);

ALTER TABLE ONLY public.call_centre_place
    ADD CONSTRAINT pk_call_centre_place PRIMARY KEY (municipality, contract, number);

ALTER TABLE ONLY public.case_counter
    ADD CONSTRAINT pk_case_counter PRIMARY KEY (municipality, kind, year);

ALTER TABLE ONLY public.case_file
    ADD CONSTRAINT pk_case_file PRIMARY KEY (municipality, case_id);

ALTER TABLE ONLY public.catalogue_switch
    ADD CONSTRAINT pk_catalogue_switch PRIMARY KEY (municipality, number);

ALTER TABLE ONLY public.closure
    ADD CONSTRAINT pk_closure PRIMARY KEY (municipality, closure_id);

ALTER TABLE ONLY public.contact_number
    ADD CONSTRAINT pk_contact_number PRIMARY KEY (municipality, contract, number);

ALTER TABLE ONLY public.contract_activation
    ADD CONSTRAINT pk_contract_activation PRIMARY KEY (municipality, contract);

ALTER TABLE ONLY public.contract_version
    ADD CONSTRAINT pk_contract_version PRIMARY KEY (municipality, version);

ALTER TABLE ONLY public.core_system_id
    ADD CONSTRAINT pk_core_system_id PRIMARY KEY (municipality, contract, number);

ALTER TABLE ONLY public.custody_item
    ADD CONSTRAINT pk_custody_item PRIMARY KEY (municipality, item_id);

ALTER TABLE ONLY public.custody_movement
    ADD CONSTRAINT pk_custody_movement PRIMARY KEY (municipality, item_id, event_seq);

ALTER TABLE ONLY public.data_key
    ADD CONSTRAINT pk_data_key PRIMARY KEY (municipality, case_id);

ALTER TABLE ONLY public.desk_check_in
    ADD CONSTRAINT pk_desk_check_in PRIMARY KEY (municipality, check_in_id);

ALTER TABLE ONLY public.disposal_item
    ADD CONSTRAINT pk_disposal_item PRIMARY KEY (municipality, contract, number, case_id);

ALTER TABLE ONLY public.disposal_list
    ADD CONSTRAINT pk_disposal_list PRIMARY KEY (municipality, contract, number);

ALTER TABLE ONLY public.document
    ADD CONSTRAINT pk_document PRIMARY KEY (municipality, document_id);

ALTER TABLE ONLY public.drawn_number
    ADD CONSTRAINT pk_drawn_number PRIMARY KEY (municipality, case_number);

ALTER TABLE ONLY public.guidance
    ADD CONSTRAINT pk_guidance PRIMARY KEY (municipality, contract, site, language, version);

ALTER TABLE ONLY public.history_archive
    ADD CONSTRAINT pk_history_archive PRIMARY KEY (municipality, case_id, run_id);

ALTER TABLE ONLY public.knowledge_edition
    ADD CONSTRAINT pk_knowledge_edition PRIMARY KEY (municipality, contract, number);

ALTER TABLE ONLY public.knowledge_version
    ADD CONSTRAINT pk_knowledge_version PRIMARY KEY (municipality, contract, article, number);

ALTER TABLE ONLY public.legal_hold
    ADD CONSTRAINT pk_legal_hold PRIMARY KEY (municipality, hold_id);

ALTER TABLE ONLY public.list_recipient
    ADD CONSTRAINT pk_list_recipient PRIMARY KEY (municipality, contract, number);

ALTER TABLE ONLY public.listed_person
    ADD CONSTRAINT pk_listed_person PRIMARY KEY (municipality, document_id, case_id);

ALTER TABLE ONLY public.login_session
    ADD CONSTRAINT pk_login_session PRIMARY KEY (municipality, session_id);

ALTER TABLE ONLY public.lot_card
    ADD CONSTRAINT pk_lot_card PRIMARY KEY (municipality, case_id);

ALTER TABLE ONLY public.lot_draft
    ADD CONSTRAINT pk_lot_draft PRIMARY KEY (municipality, draft_id);

ALTER TABLE ONLY public.meeting
    ADD CONSTRAINT pk_meeting PRIMARY KEY (municipality, contract, number, version);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT pk_message PRIMARY KEY (municipality, case_id, key);

ALTER TABLE ONLY public.municipality_key
    ADD CONSTRAINT pk_municipality_key PRIMARY KEY (municipality);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (municipality, key);

ALTER TABLE ONLY public.person_vault
    ADD CONSTRAINT pk_person_vault PRIMARY KEY (municipality, case_id);

ALTER TABLE ONLY public.photo_refusal
    ADD CONSTRAINT pk_photo_refusal PRIMARY KEY (municipality, refusal_id);

ALTER TABLE ONLY public.queue_counter
    ADD CONSTRAINT pk_queue_counter PRIMARY KEY (municipality, contract, place, line, day);

ALTER TABLE ONLY public.queue_ticket
    ADD CONSTRAINT pk_queue_ticket PRIMARY KEY (municipality, case_id);

ALTER TABLE ONLY public.refused_act
    ADD CONSTRAINT pk_refused_act PRIMARY KEY (municipality, refused_id);

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT pk_reservation PRIMARY KEY (municipality, case_id);

ALTER TABLE ONLY public.resident_display
    ADD CONSTRAINT pk_resident_display PRIMARY KEY (municipality, place);

ALTER TABLE ONLY public.roster_entry
    ADD CONSTRAINT pk_roster_entry PRIMARY KEY (municipality, contract, day, post, place, number);

ALTER TABLE ONLY public.roster_violation
    ADD CONSTRAINT pk_roster_violation PRIMARY KEY (municipality, contract, day, post, place);

ALTER TABLE ONLY public.slip
    ADD CONSTRAINT pk_slip PRIMARY KEY (municipality, slip_id);

ALTER TABLE ONLY public.survey_count
    ADD CONSTRAINT pk_survey_count PRIMARY KEY (municipality, contract, site, day, form, question, choice);

ALTER TABLE ONLY public.survey_sheet
    ADD CONSTRAINT pk_survey_sheet PRIMARY KEY (municipality, contract, site, day, sheet);

ALTER TABLE ONLY public.venue_day
    ADD CONSTRAINT pk_venue_day PRIMARY KEY (municipality, contract, site, day);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT uq_account_login UNIQUE (login);

ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT uq_api_token_token_sha256 UNIQUE (token_sha256);

ALTER TABLE ONLY public.login_session
    ADD CONSTRAINT uq_login_session_token_sha256 UNIQUE (token_sha256);

CREATE INDEX ix_case_event_at ON ONLY public.case_event USING btree (municipality, at);

CREATE INDEX case_event_default_municipality_at_idx ON public.case_event_default USING btree (municipality, at);

CREATE UNIQUE INDEX uq_case_event_key ON ONLY public.case_event USING btree (municipality, opened_on, case_id, key);

CREATE UNIQUE INDEX case_event_default_municipality_opened_on_case_id_key_idx ON public.case_event_default USING btree (municipality, opened_on, case_id, key);

CREATE INDEX ix_access_record_account ON public.access_record USING btree (municipality, account_id, at);

CREATE INDEX ix_access_record_case ON public.access_record USING btree (municipality, case_id, at);

CREATE INDEX ix_api_token_account ON public.api_token USING btree (municipality, account_id);

CREATE INDEX ix_booking_slot_day ON public.booking_slot USING btree (municipality, contract, line, day);

CREATE INDEX ix_case_file_closed ON public.case_file USING btree (municipality, due_at, case_id) WHERE (closed_at IS NOT NULL);

CREATE INDEX ix_case_file_open ON public.case_file USING btree (municipality, due_at, case_id) WHERE (closed_at IS NULL);

CREATE INDEX ix_case_file_open_kind ON public.case_file USING btree (municipality, kind, due_at, case_id) WHERE ((closed_at IS NULL) AND (kind <> 'card'::text));

CREATE INDEX ix_case_file_open_stage ON public.case_file USING btree (municipality, kind, stage, due_at, case_id) WHERE (closed_at IS NULL);

CREATE INDEX ix_case_file_parent ON public.case_file USING btree (parent_id, municipality, due_at, case_id) INCLUDE (kind, stage);

CREATE INDEX ix_case_file_stuck ON public.case_file USING btree (municipality, due_at, case_id) WHERE ((closed_at IS NULL) AND (stuck IS NOT NULL));

CREATE INDEX ix_closure_day ON public.closure USING btree (municipality, contract, calendar, day);

CREATE INDEX ix_custody_item_lot ON public.custody_item USING btree (municipality, lot_id, kind, holder);

CREATE INDEX ix_disposal_item_case ON public.disposal_item USING btree (municipality, case_id);

CREATE INDEX ix_listed_person_case ON public.listed_person USING btree (municipality, case_id);

CREATE INDEX ix_login_session_account ON public.login_session USING btree (municipality, account_id);

CREATE INDEX ix_lot_card_lot ON public.lot_card USING btree (municipality, lot_id, row_number);

CREATE INDEX ix_message_not_sent ON public.message USING btree (municipality, made_at) WHERE (state <> 'sent'::text);

CREATE INDEX ix_outbox_waiting ON public.outbox USING btree (municipality, made_at) WHERE (done_at IS NULL);

CREATE INDEX ix_person_vault_kana ON public.person_vault USING btree (municipality, kana_key);

CREATE INDEX ix_person_vault_mail ON public.person_vault USING btree (municipality, mail_key);

CREATE INDEX ix_person_vault_name ON public.person_vault USING btree (municipality, name_key);

CREATE INDEX ix_person_vault_phone ON public.person_vault USING btree (municipality, phone_key);

CREATE INDEX ix_photo_refusal_contract ON public.photo_refusal USING btree (municipality, contract, at);

CREATE INDEX ix_queue_ticket_waiting ON public.queue_ticket USING btree (municipality, contract, place, day, line, rank, taken_at) WHERE (stage = 'in_line'::text);

CREATE INDEX ix_refused_act_account ON public.refused_act USING btree (municipality, account_id, at);

CREATE INDEX ix_reservation_day ON public.reservation USING btree (municipality, contract, day, site, starts_at);

CREATE INDEX ix_reservation_waiting ON public.reservation USING btree (municipality, contract, starts_at) WHERE ((stage = ANY (ARRAY['displaced'::text, 'to_enter'::text])) OR must_phone OR ((stage = 'confirmed'::text) AND (NOT guided)));

CREATE INDEX ix_slip_waiting ON public.slip USING btree (municipality, made_at) WHERE (settled_at IS NULL);

CREATE INDEX ix_venue_day_day ON public.venue_day USING btree (municipality, contract, day);

CREATE UNIQUE INDEX uq_call_centre_network_in_use ON public.call_centre_network USING btree (municipality, contract, place, network) WHERE (withdrawn_at IS NULL);

CREATE UNIQUE INDEX uq_case_file_case_number ON public.case_file USING btree (case_number, municipality);

CREATE UNIQUE INDEX uq_core_system_id_in_use ON public.core_system_id USING btree (municipality, contract, system, core_id) WHERE (revoked_on IS NULL);

CREATE UNIQUE INDEX uq_desk_check_in_day ON public.desk_check_in USING btree (municipality, contract, day, site, desk);

CREATE UNIQUE INDEX uq_document_ordinal ON public.document USING btree (municipality, case_id, kind, ordinal);

CREATE UNIQUE INDEX uq_legal_hold_in_force ON public.legal_hold USING btree (municipality, case_id) WHERE (lifted_at IS NULL);

CREATE UNIQUE INDEX uq_lot_card_delivery ON public.lot_card USING btree (municipality, ref, delivered_on);

CREATE UNIQUE INDEX uq_message_message_id ON public.message USING btree (message_id, municipality);

CREATE UNIQUE INDEX uq_queue_ticket_desk ON public.queue_ticket USING btree (municipality, contract, place, day, desk) WHERE (stage = ANY (ARRAY['called'::text, 'serving'::text]));

CREATE UNIQUE INDEX uq_queue_ticket_number ON public.queue_ticket USING btree (municipality, contract, place, day, letter, number);

CREATE UNIQUE INDEX uq_resident_display_display_id ON public.resident_display USING btree (municipality, display_id);

CREATE UNIQUE INDEX uq_slip_number ON public.slip USING btree (municipality, lot_id, number);

ALTER INDEX public.ix_case_event_at ATTACH PARTITION public.case_event_default_municipality_at_idx;

ALTER INDEX public.uq_case_event_key ATTACH PARTITION public.case_event_default_municipality_opened_on_case_id_key_idx;

ALTER INDEX public.pk_case_event ATTACH PARTITION public.case_event_default_pkey;

ALTER TABLE ONLY public.access_record
    ADD CONSTRAINT fk_access_record_municipality_account_id_account FOREIGN KEY (municipality, account_id) REFERENCES public.account(municipality, account_id);

ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT fk_api_token_municipality_account_id_account FOREIGN KEY (municipality, account_id) REFERENCES public.account(municipality, account_id);

ALTER TABLE ONLY public.booking_hour
    ADD CONSTRAINT fk_booking_hour_day_booking_day FOREIGN KEY (municipality, contract, line, site, day) REFERENCES public.booking_day(municipality, contract, line, site, day);

ALTER TABLE ONLY public.booking_slot
    ADD CONSTRAINT fk_booking_slot_day_booking_day FOREIGN KEY (municipality, contract, line, site, day) REFERENCES public.booking_day(municipality, contract, line, site, day);

ALTER TABLE ONLY public.call_centre_network
    ADD CONSTRAINT fk_call_centre_network_municipality_contract_place_call_546d FOREIGN KEY (municipality, contract, place) REFERENCES public.call_centre_place(municipality, contract, number);

ALTER TABLE ONLY public.case_file
    ADD CONSTRAINT fk_case_file_municipality_parent_id_case_file FOREIGN KEY (municipality, parent_id) REFERENCES public.case_file(municipality, case_id);

ALTER TABLE ONLY public.core_system_id
    ADD CONSTRAINT fk_core_system_id_municipality_account_id_account FOREIGN KEY (municipality, account_id) REFERENCES public.account(municipality, account_id);

ALTER TABLE ONLY public.custody_item
    ADD CONSTRAINT fk_custody_item_municipality_case_id_case_file FOREIGN KEY (municipality, case_id) REFERENCES public.case_file(municipality, case_id);

ALTER TABLE ONLY public.custody_movement
    ADD CONSTRAINT fk_custody_movement_municipality_item_id_custody_item FOREIGN KEY (municipality, item_id) REFERENCES public.custody_item(municipality, item_id);

ALTER TABLE ONLY public.disposal_item
    ADD CONSTRAINT fk_disposal_item_municipality_contract_number_disposal_list FOREIGN KEY (municipality, contract, number) REFERENCES public.disposal_list(municipality, contract, number);

ALTER TABLE ONLY public.document
    ADD CONSTRAINT fk_document_municipality_case_id_case_file FOREIGN KEY (municipality, case_id) REFERENCES public.case_file(municipality, case_id);

ALTER TABLE ONLY public.login_session
    ADD CONSTRAINT fk_login_session_municipality_account_id_account FOREIGN KEY (municipality, account_id) REFERENCES public.account(municipality, account_id);

ALTER TABLE ONLY public.lot_card
    ADD CONSTRAINT fk_lot_card_municipality_case_id_case_file FOREIGN KEY (municipality, case_id) REFERENCES public.case_file(municipality, case_id);

ALTER TABLE ONLY public.lot_card
    ADD CONSTRAINT fk_lot_card_municipality_lot_id_case_file FOREIGN KEY (municipality, lot_id) REFERENCES public.case_file(municipality, case_id);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT fk_message_municipality_case_id_case_file FOREIGN KEY (municipality, case_id) REFERENCES public.case_file(municipality, case_id);

ALTER TABLE ONLY public.person_vault
    ADD CONSTRAINT fk_person_vault_municipality_case_id_case_file FOREIGN KEY (municipality, case_id) REFERENCES public.case_file(municipality, case_id);

ALTER TABLE ONLY public.queue_ticket
    ADD CONSTRAINT fk_queue_ticket_municipality_case_id_case_file FOREIGN KEY (municipality, case_id) REFERENCES public.case_file(municipality, case_id);

ALTER TABLE ONLY public.refused_act
    ADD CONSTRAINT fk_refused_act_municipality_account_id_account FOREIGN KEY (municipality, account_id) REFERENCES public.account(municipality, account_id);

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT fk_reservation_municipality_case_id_case_file FOREIGN KEY (municipality, case_id) REFERENCES public.case_file(municipality, case_id);

ALTER TABLE ONLY public.slip
    ADD CONSTRAINT fk_slip_municipality_lot_id_case_file FOREIGN KEY (municipality, lot_id) REFERENCES public.case_file(municipality, case_id);

ALTER TABLE public.access_record ENABLE ROW LEVEL SECURITY;

CREATE POLICY access_record_municipality ON public.access_record USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.account ENABLE ROW LEVEL SECURITY;

CREATE POLICY account_finder ON public.account FOR SELECT TO madoguchi_finder USING (true);

CREATE POLICY account_municipality ON public.account USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.added_site ENABLE ROW LEVEL SECURITY;

CREATE POLICY added_site_municipality ON public.added_site USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.answered_request ENABLE ROW LEVEL SECURITY;

CREATE POLICY answered_request_municipality ON public.answered_request USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.api_token ENABLE ROW LEVEL SECURITY;

CREATE POLICY api_token_finder ON public.api_token FOR SELECT TO madoguchi_finder USING (true);

CREATE POLICY api_token_municipality ON public.api_token USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.booking_day ENABLE ROW LEVEL SECURITY;

CREATE POLICY booking_day_municipality ON public.booking_day USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.booking_hour ENABLE ROW LEVEL SECURITY;

CREATE POLICY booking_hour_municipality ON public.booking_hour USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.booking_slot ENABLE ROW LEVEL SECURITY;

CREATE POLICY booking_slot_municipality ON public.booking_slot USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.call_centre_network ENABLE ROW LEVEL SECURITY;

CREATE POLICY call_centre_network_municipality ON public.call_centre_network USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.call_centre_place ENABLE ROW LEVEL SECURITY;

CREATE POLICY call_centre_place_municipality ON public.call_centre_place USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.case_counter ENABLE ROW LEVEL SECURITY;

CREATE POLICY case_counter_municipality ON public.case_counter USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.case_event ENABLE ROW LEVEL SECURITY;

CREATE POLICY case_event_municipality ON public.case_event USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.case_file ENABLE ROW LEVEL SECURITY;

CREATE POLICY case_file_municipality ON public.case_file USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.catalogue_switch ENABLE ROW LEVEL SECURITY;

CREATE POLICY catalogue_switch_municipality ON public.catalogue_switch USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.closure ENABLE ROW LEVEL SECURITY;

CREATE POLICY closure_municipality ON public.closure USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.contact_number ENABLE ROW LEVEL SECURITY;

CREATE POLICY contact_number_municipality ON public.contact_number USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.contract_activation ENABLE ROW LEVEL SECURITY;

CREATE POLICY contract_activation_municipality ON public.contract_activation USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.contract_version ENABLE ROW LEVEL SECURITY;

CREATE POLICY contract_version_municipality ON public.contract_version USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.core_system_id ENABLE ROW LEVEL SECURITY;

CREATE POLICY core_system_id_municipality ON public.core_system_id USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.custody_item ENABLE ROW LEVEL SECURITY;

CREATE POLICY custody_item_municipality ON public.custody_item USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.custody_movement ENABLE ROW LEVEL SECURITY;

CREATE POLICY custody_movement_municipality ON public.custody_movement USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.data_key ENABLE ROW LEVEL SECURITY;

CREATE POLICY data_key_municipality ON public.data_key USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.desk_check_in ENABLE ROW LEVEL SECURITY;

CREATE POLICY desk_check_in_municipality ON public.desk_check_in USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.disposal_item ENABLE ROW LEVEL SECURITY;

CREATE POLICY disposal_item_municipality ON public.disposal_item USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.disposal_list ENABLE ROW LEVEL SECURITY;

CREATE POLICY disposal_list_municipality ON public.disposal_list USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.document ENABLE ROW LEVEL SECURITY;

CREATE POLICY document_municipality ON public.document USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.drawn_number ENABLE ROW LEVEL SECURITY;

CREATE POLICY drawn_number_municipality ON public.drawn_number USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.guidance ENABLE ROW LEVEL SECURITY;

CREATE POLICY guidance_municipality ON public.guidance USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.history_archive ENABLE ROW LEVEL SECURITY;

CREATE POLICY history_archive_municipality ON public.history_archive USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.knowledge_edition ENABLE ROW LEVEL SECURITY;

CREATE POLICY knowledge_edition_municipality ON public.knowledge_edition USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.knowledge_version ENABLE ROW LEVEL SECURITY;

CREATE POLICY knowledge_version_municipality ON public.knowledge_version USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.legal_hold ENABLE ROW LEVEL SECURITY;

CREATE POLICY legal_hold_municipality ON public.legal_hold USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.list_recipient ENABLE ROW LEVEL SECURITY;

CREATE POLICY list_recipient_municipality ON public.list_recipient USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.listed_person ENABLE ROW LEVEL SECURITY;

CREATE POLICY listed_person_municipality ON public.listed_person USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.login_session ENABLE ROW LEVEL SECURITY;

CREATE POLICY login_session_finder ON public.login_session FOR SELECT TO madoguchi_finder USING (true);

CREATE POLICY login_session_municipality ON public.login_session USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.lot_card ENABLE ROW LEVEL SECURITY;

CREATE POLICY lot_card_municipality ON public.lot_card USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.lot_draft ENABLE ROW LEVEL SECURITY;

CREATE POLICY lot_draft_municipality ON public.lot_draft USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.meeting ENABLE ROW LEVEL SECURITY;

CREATE POLICY meeting_municipality ON public.meeting USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.message ENABLE ROW LEVEL SECURITY;

CREATE POLICY message_municipality ON public.message USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.municipality_key ENABLE ROW LEVEL SECURITY;

CREATE POLICY municipality_key_municipality ON public.municipality_key USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;

CREATE POLICY outbox_finder ON public.outbox FOR SELECT TO madoguchi_finder USING (true);

CREATE POLICY outbox_municipality ON public.outbox USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.person_vault ENABLE ROW LEVEL SECURITY;

CREATE POLICY person_vault_municipality ON public.person_vault USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.photo_refusal ENABLE ROW LEVEL SECURITY;

CREATE POLICY photo_refusal_municipality ON public.photo_refusal USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.queue_counter ENABLE ROW LEVEL SECURITY;

CREATE POLICY queue_counter_municipality ON public.queue_counter USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.queue_ticket ENABLE ROW LEVEL SECURITY;

CREATE POLICY queue_ticket_municipality ON public.queue_ticket USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.refused_act ENABLE ROW LEVEL SECURITY;

CREATE POLICY refused_act_municipality ON public.refused_act USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.reservation ENABLE ROW LEVEL SECURITY;

CREATE POLICY reservation_municipality ON public.reservation USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.resident_display ENABLE ROW LEVEL SECURITY;

CREATE POLICY resident_display_municipality ON public.resident_display USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.roster_entry ENABLE ROW LEVEL SECURITY;

CREATE POLICY roster_entry_municipality ON public.roster_entry USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.roster_violation ENABLE ROW LEVEL SECURITY;

CREATE POLICY roster_violation_municipality ON public.roster_violation USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.slip ENABLE ROW LEVEL SECURITY;

CREATE POLICY slip_municipality ON public.slip USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.survey_count ENABLE ROW LEVEL SECURITY;

CREATE POLICY survey_count_municipality ON public.survey_count USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.survey_sheet ENABLE ROW LEVEL SECURITY;

CREATE POLICY survey_sheet_municipality ON public.survey_sheet USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

ALTER TABLE public.venue_day ENABLE ROW LEVEL SECURITY;

CREATE POLICY venue_day_municipality ON public.venue_day USING ((municipality = current_setting('app.municipality'::text, true))) WITH CHECK ((municipality = current_setting('app.municipality'::text, true)));

GRANT USAGE ON SCHEMA public TO madoguchi_app;

GRANT USAGE ON SCHEMA public TO madoguchi_finder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO madoguchi_app;

GRANT SELECT(municipality) ON TABLE public.outbox TO madoguchi_finder;

GRANT SELECT(done_at) ON TABLE public.outbox TO madoguchi_finder;

REVOKE ALL ON FUNCTION public.municipalities_with_outbox() FROM PUBLIC;

GRANT ALL ON FUNCTION public.municipalities_with_outbox() TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account TO madoguchi_app;

GRANT SELECT(municipality) ON TABLE public.account TO madoguchi_finder;

GRANT SELECT(login) ON TABLE public.account TO madoguchi_finder;

REVOKE ALL ON FUNCTION public.municipality_of_login(wanted text) FROM PUBLIC;

GRANT ALL ON FUNCTION public.municipality_of_login(wanted text) TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.login_session TO madoguchi_app;

GRANT SELECT(municipality) ON TABLE public.login_session TO madoguchi_finder;

GRANT SELECT(token_sha256) ON TABLE public.login_session TO madoguchi_finder;

REVOKE ALL ON FUNCTION public.municipality_of_session(wanted bytea) FROM PUBLIC;

GRANT ALL ON FUNCTION public.municipality_of_session(wanted bytea) TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_token TO madoguchi_app;

GRANT SELECT(municipality) ON TABLE public.api_token TO madoguchi_finder;

GRANT SELECT(token_sha256) ON TABLE public.api_token TO madoguchi_finder;

REVOKE ALL ON FUNCTION public.municipality_of_token(wanted bytea) FROM PUBLIC;

GRANT ALL ON FUNCTION public.municipality_of_token(wanted bytea) TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.access_record TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.added_site TO madoguchi_app;

GRANT SELECT ON TABLE public.alembic_version TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.answered_request TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.booking_day TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.booking_hour TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.booking_slot TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_centre_network TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_centre_place TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.case_counter TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.case_event TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.case_file TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.catalogue_switch TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.closure TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.contact_number TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.contract_activation TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.contract_version TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.core_system_id TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.custody_item TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.custody_movement TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.data_key TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.desk_check_in TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.disposal_item TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.disposal_list TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.document TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.drawn_number TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.guidance TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.history_archive TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.knowledge_edition TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.knowledge_version TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.legal_hold TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.list_recipient TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.listed_person TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lot_card TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lot_draft TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.meeting TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.message TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.municipality_key TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.person_vault TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.photo_refusal TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.queue_counter TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.queue_ticket TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.refused_act TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reservation TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.resident_display TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.roster_entry TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.roster_violation TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.slip TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.survey_count TO madoguchi_app;

GRANT SELECT,INSERT ON TABLE public.survey_sheet TO madoguchi_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.venue_day TO madoguchi_app;

