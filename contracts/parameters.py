"""The parameters a contract may set, by group: name → type and Japanese label.

A parameter absent from a contract file is one that contract is silent on. Here: names that
more than one part of the product may ask for (``contract.fact("call_centre.seats")``). Not
here: tables with rows of their own (``contracts/profile_shape.py``).
"""

from collections.abc import Mapping

from contracts.shape import Leaf, clock, day, flag, integer, integers, number, text, texts
from domain.access.retention import CountedFrom
from domain.booking.venue_opening import KitItem

Group = Mapping[str, Leaf]

_PARTIES = ("provider", "city", "shared")

BOOTH: Group = {
    "count": integer("ブース・オンライン窓口の数", least=0),
    "size_cm": integers("ブースの大きさ（cm、およそ）"),
    "wheelchair_min": integer("車いすで使えるブースの数（以上）", least=0),
    "attended": flag("ブースに人を置くか"),
    "continue_after_close": flag("受付済みの人は閉庁後も続けるか"),
    "overtime_billable": flag("時間外を請求できるか"),
    "accessibility": texts("配慮する障害"),
    "equipment": texts("1台ごとの機器"),
    "resident_input": texts("住民が行う操作"),
    "keyboard": flag("住民側にキーボードを置くか"),
    "show_operator_name": flag("画面に担当者名を出すか"),
    "operator_always_reachable": flag("開設中は常にオペレーターにつながるか"),
    "lunch_break": flag("オペレーターに昼休みの例外があるか"),
    "lending": text("市からの機器の貸与"),
}

DESK: Group = {
    "staff_min": integer("支援員の人数（以上）", least=0),
    "staff_min_rule": text("その数え方", choices=("always", "per_day")),
    "lunch_from": clock("支援員の昼休みの始まり"),
    "lunch_to": clock("支援員の昼休みの終わり"),
    "processes_only_when": text("支援員が処理する条件"),
    "crowded_busy_windows": integer("混雑とみなす使用中の窓口数", least=0),
    "crowded_waiting_min": integer("混雑とみなす待ち人数（以上）", least=0),
    "may_process": texts("支援員が処理できる手続き"),
    "terminal_owner": text("支援員の端末の持ち主", choices=_PARTIES),
}

CALL_CENTRE: Group = {
    "seats": integer("席数", least=0),
    "lines_min": integer("常に対応できる回線数", least=0),
    "answer_rate_min": number("応答率（以上）", least=0, most=1),
    "answer_rate_formula": text("応答率の計算"),
    "answer_rate_period": text("応答率を測る期間", choices=("day", "month", "term")),
    "on_shortfall": text("応答率を下回ったとき"),
    "peak": text("電話が集中する時間"),
    "number_type": text("番号の種類", choices=("toll_free", "caller_pays")),
    "number_area_code": text("市外局番"),
    "telephone": text("電話番号"),
    "number_handover": text("番号の引継ぎ"),
    "place_rule": text("場所の条件"),
    "place_country": text("置いてよい国"),
    "approval_document": flag("場所に市の承認書が要るか"),
    "registered_networks": flag("電話担当は登録した回線からだけ使うか"),
    "phone_party": text("電話を受ける側", choices=_PARTIES),
}

QUEUE: Group = {
    "waiting_threshold": integer("全ブースを動かす待ち人数の境", least=0),
    "waiting_comparison": text("境の読み方", choices=(">", ">=")),
    "waiting_action": text("境を越えたとき"),
    "waiting_counts": text("待ち人数に数える人"),
    "below_threshold": text("境までのとき"),
    "separate_lines": texts("分ける受付"),
}

RESERVATION: Group = {
    "actions": texts("受け付ける操作"),
    "hours": text("予約できる時間"),
    "calendar_view": text("空き状況の表示"),
    "fields": texts("尋ねる項目"),
    "web_owner": text("WEB予約の持ち主"),
    "after_confirmation": text("予約確定後の案内"),
}
"""What holds for all bookings; the rules of each line stand in ``[[bookings]]``."""

_RETIRED_RESERVATION: Group = {
    "master": text("予約の正本", choices=("own", "city_system", "record_only")),
    "bookable": texts("予約できる手続き"),
    "required_for": texts("予約が必須の手続き"),
    "walk_in": texts("予約なしの手続き"),
    "channels": texts("予約の方法"),
    "opens_days_before": integer("予約開始（日前）", least=0),
    "opens_at": clock("予約開始の時刻"),
    "closes_before_hours": integer("予約締切（時間前）", least=0),
    "pre_check": text("予約前の確認"),
    "people_use_places": flag("人数分の枠を使うか"),
    "hold_minutes": integer("仮予約の保持（分）", least=1),
    "slot_minutes": integer("1枠の長さ（分）", least=1),
    "places_per_slot": integer("1枠の人数", least=1),
    "places_per_day": integer("1日の枠", least=1),
    "application_per_day": integer("申請受付 1日", least=0),
    "application_per_hour": integer("申請受付 1時間", least=0),
    "delivery_per_day": integer("交付受付 1日", least=0),
    "delivery_per_hour": integer("交付受付 1時間", least=0),
    "phone_party": text("電話予約を受ける側", choices=_PARTIES),
}

RETIRED: Mapping[str, Group] = {"reservation": _RETIRED_RESERVATION}
"""Parameters that have moved to a section of their own.

Texts of earlier versions, which running cases have pinned, still have them and are still
read; a file that has the new section is told to write them there.
"""

ELIGIBILITY: Group = {
    "residents": text("住民"),
    "non_residents": text("住民以外"),
    "portal_requires": text("ポータル支援の条件"),
    "application_requires": text("申請支援の条件"),
    "application_types": texts("申請の種類"),
    "excluded": texts("対象外"),
    "on_ineligible": text("対象外のとき"),
}

CONSENT: Group = {
    "required": flag("同意が要るか"),
    "documents": texts("同意する文書"),
    "by": text("同意する人"),
    "before": text("いつまでに"),
}

BACK_OFFICE: Group = {
    "steps": texts("事務の順"),
    "data_import": flag("データ取込を含むか"),
    "routes": texts("受け取り方"),
    "returned_mail_attempts": integer("返戻の電話回数", least=1),
    "handover_done_by": text("引渡しの完了とみなすもの"),
}

CUSTODY: Group = {
    "slip": text("送付表の単位"),
    "slip_contents": texts("送付表の内容"),
    "storage": text("保管"),
    "transport": texts("運搬"),
    "party": text("運搬・保管する側", choices=_PARTIES),
}

VENUES: Group = {
    "approval_before": flag("事前承認が要るか"),
    "same_place_repeatable": flag("同じ場所を繰り返せるか"),
    "city_staff_per_venue": integer("1会場の市職員", least=0),
    "separate_windows": texts("分ける窓口"),
    "application_modes": texts("申請の方式"),
    "days_per_week": integer("週の回数", least=0),
    "weekdays_per_week": integer("週の平日", least=0),
    "days_off_per_week": integer("週の休日", least=0),
    "places_per_day_desirable": integer("1日の会場数（望ましい）", least=0),
    "sessions_total_min": integer("期間の回数（以上）", least=0),
    "session_unit": text("1回の単位"),
    "capacity_per_session": integer("1回の人数", least=0),
    "min_hours": number("1回の時間（以上）", least=0),
    "days_per_month_planned": integer("月の想定日数", least=0),
    "with_official": flag("市職員が同行するか"),
    "liaison_tablets": texts("連絡用タブレット"),
    "place_rule": text("場所の条件"),
    "start_about": text("開始時期"),
}

NOVELTY: Group = {
    "budget_jpy": integer("予算（円）", least=0),
    "included_in_amount": flag("契約金額に含むか"),
    "settlement": text("精算"),
    "per_applicant": integer("1人に渡す数", least=0),
    "also_for": text("ほかの配布先"),
    "monthly_report": texts("月ごとの報告"),
    "tally_by": text("集計表の期限"),
}

STAFFING: Group = {
    "responsible_person": text("責任者の名称"),
    "responsible_person_min": integer("責任者の人数（以上）", least=0),
    "responsible_person_resident": flag("責任者は常駐か"),
    "overall_manager": text("統括の名称"),
    "onsite_manager": text("現地管理者の名称"),
    "managers_must_differ": flag("統括と責任者は別人か"),
    "deputy_when_absent": flag("不在時に代理を置くか"),
    "booth_min": integer("オンライン窓口の人数（以上）", least=0),
    "call_centre_min": integer("コールセンターの人数（以上）", least=0),
    "shared_pool": flag("窓口と電話の兼務"),
    "support_desk_min_always": integer("支援窓口に常にいる人数（以上）", least=0),
    "substitutes": text("急な欠勤"),
    "flexible_between_services": flag("業務間の応援"),
    "headcount": text("人数の決め方"),
    "on_excess_visitors": text("来庁者が増えたとき"),
    "prefer_city_residents": text("市内在住者"),
    "city_staff_positions": integer("市が雇う職員", least=0),
    "certifications": texts("認証"),
    "local_base": text("拠点"),
}

TRAINING: Group = {
    "topics": texts("研修の内容"),
    "before_start": flag("新任者は従事前か"),
    "privacy_mandatory": flag("個人情報研修は必須か"),
    "observers": texts("市の参加"),
    "plan_approval": flag("研修計画の協議"),
}


def _kit(label: str) -> Leaf:
    return texts(label, choices=tuple(KitItem))


EQUIPMENT: Group = {
    "by_provider": texts("受託者が用意するもの"),
    "lent_by_city": texts("市が貸すもの"),
    "lent_application_terminal": integer("貸与：申請用端末", least=0),
    "lent_wifi_router": integer("貸与：Wi-Fiルーター", least=0),
    "lent_photo_screen": integer("貸与：撮影用スクリーン", least=0),
    "lent_ring_light": integer("貸与：リングライト", least=0),
    "kit_paper": _kit("手書きの申請に要るもの"),
    "kit_online": _kit("オンライン申請に要るもの"),
    "kit_outreach": _kit("出張申請にいつも要るもの"),
    "connection_test": text("接続試験"),
    "inspection_per_week": integer("点検（週に・以上）", least=0),
    "inspection_cadence": text("点検の頻度"),
    "consumables": text("消耗品"),
    "security": texts("端末の守り"),
}

KPI: Group = {
    "target_value": number("目標値"),
    "security_incidents": integer("情報セキュリティ事故（目標）", least=0),
    "others": text("ほかの指標"),
    "on_miss": texts("下回ったとき"),
    "monitoring": text("測る頻度"),
}

MEETINGS: Group = {
    "regular": text("定例会議"),
    "promotion": text("推進会議"),
    "daily_report": text("日次報告会議"),
    "consultation": text("協議"),
}

INCIDENTS: Group = {
    "complaints": text("苦情"),
    "serious": text("重大な事故"),
    "errors": text("過誤"),
    "urgent": text("緊急の事案"),
    "contingency_manuals": texts("非常時の手引き"),
}

BILLING: Group = {
    "cycle": text("請求の周期"),
    "gate": text("請求できる条件"),
    "schedule_source": text("月額の根拠"),
    "instalments": integer("分割の回数", least=1),
    "lines": texts("請求の内訳"),
    "full_closure_counts": integer("全日閉庁の日数", least=0),
    "partial_closure_counts": integer("一部閉庁の日数", least=0),
    "parking": text("駐車場代"),
    "tax": text("税"),
    "setup_cost": text("初期費用"),
    "final_month": text("最終月"),
    "trigger": text("請求のきっかけ"),
    "price_basis": text("単価の根拠"),
    "last_month": text("最後の支払い"),
}

LEGAL: Group = {
    "scope_notice": text("委託できる範囲の通知"),
    "scope_notice_date": day("その日付"),
    "scope_rule": text("委託の限度"),
    "confidentiality_survives": flag("秘密保持は契約後も続くか"),
    "retention": integer("保存期間（月）", least=1),
    "retention_from": text("保存期間の数え始め", choices=tuple(CountedFrom)),
    "access_after_term_days": integer("契約期間の後も委託先が閲覧できる日数", least=0),
    "subcontract_full": text("一括の再委託"),
    "subcontract_partial": text("一部の再委託"),
    "privacy_law": text("個人情報の規定"),
    "copyright": text("成果物の著作権", choices=_PARTIES),
    "post_contract": texts("契約後も続くこと"),
    "core_system_accounts": text("基幹系のID"),
}

KNOWLEDGE: Group = {
    "inquiry_categories": texts("問合せの分類"),
    "manual_gate": text("マニュアルの使用条件"),
    "manual_basis": texts("マニュアルの根拠"),
    "manual_history": text("改訂履歴"),
    "faq": text("FAQの扱い"),
    "survey": text("アンケート"),
    "publicity": texts("広報"),
    "work_blocks": texts("業務の区分"),
}

VOLUMES: Group = {
    "months": texts("月"),
    "online_per_month": integer("オンライン窓口 月", least=0),
    "online_per_year": integer("オンライン窓口 年", least=0),
    "calls_inquiry_month_avg": integer("問合せ電話 月平均", least=0),
    "calls_inquiry_month_max": integer("問合せ電話 月最大", least=0),
    "calls_inquiry_year": integer("問合せ電話 年", least=0),
    "calls_reservation_month_avg": integer("予約電話 月平均", least=0),
    "calls_reservation_month_max": integer("予約電話 月最大", least=0),
    "calls_reservation_year": integer("予約電話 年", least=0),
    "calls_month_avg": integer("電話 月平均", least=0),
    "calls_month_max": integer("電話 月最大", least=0),
    "calls_year": integer("電話 年", least=0),
    "calls_total": integer("電話 期間", least=0),
    "calls_booking_per_day": integer("予約電話 日", least=0),
    "calls_change_per_day": integer("変更・取消 日", least=0),
    "calls_other_per_day": integer("その他 日", least=0),
    "cards_r5": integer("令和5年度 処理枚数", least=0),
    "notices_r5": integer("令和5年度 交付通知書", least=0),
    "application_visit_r5": integer("令和5年度 申請時来庁", least=0),
    "cards_r6": integer("令和6年度 処理枚数", least=0),
    "notices_r6": integer("令和6年度 交付通知書", least=0),
    "application_visit_r6": integer("令和6年度 申請時来庁", least=0),
    "cards_city": integers("カード交付 市全体 月別"),
    "cards_city_total": integer("カード交付 市全体", least=0),
    "cards_new_per_year": integer("新規カード 年", least=0),
    "cards_centre": integers("カード交付 センター 月別"),
    "cards_centre_total": integer("カード交付 センター", least=0),
    "certificates_city": integers("電子証明書更新 市全体 月別"),
    "certificates_city_total": integer("電子証明書更新 市全体", least=0),
    "certificates_centre": integers("電子証明書更新 センター 月別"),
    "certificates_centre_total": integer("電子証明書更新 センター", least=0),
}

PARAMETERS: Mapping[str, Group] = {
    "booth": BOOTH,
    "desk": DESK,
    "call_centre": CALL_CENTRE,
    "queue": QUEUE,
    "reservation": RESERVATION,
    "eligibility": ELIGIBILITY,
    "consent": CONSENT,
    "back_office": BACK_OFFICE,
    "custody": CUSTODY,
    "venues": VENUES,
    "novelty": NOVELTY,
    "staffing": STAFFING,
    "training": TRAINING,
    "equipment": EQUIPMENT,
    "kpi": KPI,
    "meetings": MEETINGS,
    "incidents": INCIDENTS,
    "billing": BILLING,
    "legal": LEGAL,
    "knowledge": KNOWLEDGE,
    "volumes": VOLUMES,
}
