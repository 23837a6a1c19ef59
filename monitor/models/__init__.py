"""The record: one noun a file. Import models from here."""

from __future__ import annotations

from monitor.models.adjudication import Adjudication
from monitor.models.agency import Agency
from monitor.models.allegation import Allegation, AllegationFlag, AllegationStep
from monitor.models.assessment import Assessment, Training
from monitor.models.attendance import Attendance
from monitor.models.audit_entry import AuditBlock, AuditEntry, AuditHead
from monitor.models.auth_session import AuthSession, SignInAttempt
from monitor.models.authenticator import Passkey, RecoveryCode, SignOnIdentity, SpentChallenge
from monitor.models.base import Base, Fact, HasId, OfCase, OwnedByAgency, random_id, random_ids
from monitor.models.calendar_feed import CalendarFeed
from monitor.models.callback import Callback
from monitor.models.case import Assignment, Case, CaseAgency
from monitor.models.case_opening import CaseOpening, ContextReview
from monitor.models.certified_month import CertifiedMonth
from monitor.models.charging_decision import ChargingDecision
from monitor.models.check_in import CheckIn, Expectation
from monitor.models.consultation import Consultation
from monitor.models.contact import Contact
from monitor.models.contact_draft import ContactDraft
from monitor.models.court import County, Court, CourtHoliday, Judge
from monitor.models.cover import Cover
from monitor.models.docket_order import DocketOrder
from monitor.models.enrollment import EarlierPlace, Enrollment, EnrollmentEvent
from monitor.models.evidence_packet import EvidenceCopy, EvidencePacket
from monitor.models.flag import Flag, Review, Span
from monitor.models.forgotten_flag import DismissalCount, ForgottenFlag
from monitor.models.grid_draft import GridDraft
from monitor.models.hearing import CourtDecision, EarlierHearing, Hearing
from monitor.models.hearing_result import HearingClaim, HearingResult
from monitor.models.hidden_item import HiddenItem
from monitor.models.incident import Incident, IncidentDraft
from monitor.models.job_pause import JobPause
from monitor.models.job_run import Dirty, JobRun, Mark, Outbox
from monitor.models.leave import Certificate, Leave, Transfer
from monitor.models.machine import KeptAnswer, Machine
from monitor.models.measure_release import MeasureRelease
from monitor.models.notice_answer import NoticeAnswer, SafetyStep
from monitor.models.order import Condition, Order, OrderVersion, Requirement
from monitor.models.order_sheet import OrderSheet
from monitor.models.order_step import OrderStep
from monitor.models.packet import DefenseCopy, Packet
from monitor.models.participation import Concern, ConcernAnswer, Participation
from monitor.models.pause import Pause
from monitor.models.person import Person, ProtectedParty
from monitor.models.policy_term import PolicyTerm
from monitor.models.program import Group, GroupSession, Program
from monitor.models.program_question import ProgramQuestion
from monitor.models.receipt import DrugTest, FirearmReceipt, Letter
from monitor.models.record_notice import RecordNotice
from monitor.models.referral_out import ReferralOut
from monitor.models.release import Release
from monitor.models.removal import Removal
from monitor.models.report import Coverage, Report
from monitor.models.response_matrix import Incentive, Response, ResponseMatrix
from monitor.models.service import Service
from monitor.models.sheet_profile import SheetProfile
from monitor.models.task import SavedView, Task
from monitor.models.told import Notice, Told
from monitor.models.upload import Upload, UploadRow
from monitor.models.user import Membership, User
from monitor.models.wall import ApprovalRequest, ConflictAlert, Wall
from monitor.models.webhook import WebhookEndpoint

__all__ = [
    "Adjudication", "Agency", "Allegation", "AllegationFlag", "AllegationStep", "ApprovalRequest", "Assessment",
    "Assignment", "Attendance", "AuditBlock", "AuditEntry", "AuditHead", "AuthSession", "Base", "CalendarFeed",
    "Callback", "Case",
    "CaseAgency", "CaseOpening", "Certificate", "CertifiedMonth", "ChargingDecision", "CheckIn", "Concern",
    "ConcernAnswer", "Condition", "ConflictAlert", "Contact", "ContactDraft", "ContextReview",
    "Consultation", "County", "Court",
    "CourtDecision", "CourtHoliday", "Cover", "Coverage", "DefenseCopy", "Dirty", "DismissalCount", "DocketOrder",
    "DrugTest",
    "EarlierHearing", "EarlierPlace", "Enrollment", "EnrollmentEvent", "EvidenceCopy", "EvidencePacket", "Expectation",
    "Fact", "FirearmReceipt", "Flag", "ForgottenFlag", "GridDraft", "Group", "GroupSession", "HasId", "Hearing",
    "HearingClaim", "HearingResult", "HiddenItem", "Incentive", "Incident",
    "IncidentDraft", "JobPause", "JobRun", "Judge", "KeptAnswer", "Leave", "Letter",
    "Machine", "Mark", "MeasureRelease",
    "Membership", "Notice", "OfCase", "Order", "OrderSheet", "OrderStep", "OrderVersion", "Outbox",
    "OwnedByAgency", "Packet", "Participation", "Passkey", "Pause", "Person", "PolicyTerm", "Program",
    "ProgramQuestion", "ProtectedParty", "RecoveryCode", "ReferralOut", "Release", "Removal", "Report", "Requirement",
    "Response",
    "ResponseMatrix",
    "Review", "SavedView", "Service", "SheetProfile", "SignInAttempt", "SignOnIdentity", "Span", "SpentChallenge",
    "Task", "Told", "Training", "Transfer", "Upload", "UploadRow", "User", "Wall", "random_id", "random_ids",
    "NoticeAnswer", "RecordNotice", "SafetyStep", "WebhookEndpoint",
]  # fmt: skip
