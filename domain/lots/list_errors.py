"""Refusals of lists that leave the house. What ``errors`` says holds here too."""

from domain.errors import DomainError


class CharactersLost(DomainError):
    """The encoding that was asked for cannot hold every character of a list."""

    title = "この文字コードでは表せない文字があります"


class ListRecipientUnset(DomainError):
    """Nobody has said where the city wants its lists, and how they are locked."""

    title = "市への送り先が登録されていません"


class WeakListPassword(DomainError):
    """A password for files that leave the house is too easy to find out."""

    title = "ファイルのパスワードが弱すぎます"


class NotAListAddress(DomainError):
    """The address for lists is none that mails can be sent to."""

    title = "送り先のメールアドレスが正しくありません"
