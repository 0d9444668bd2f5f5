"""A scripted conversation for the page: enough of a core to press, type, correct and be corrected."""

from bot.channels.base import File, Outgoing

QUESTION = (
    "Tháng 3/2026 chi bộ đã họp thường kỳ chưa?\n\nNhắn một câu là đủ, ví dụ: họp ngày 3/3, có mặt 18/20.\n"
    "Muốn xem việc còn lại, nhắn /viec."
)
DRAFT = "Tôi hiểu như sau:\n• Ngày họp: 3/3/2026\n• Có mặt: 18/20 (90%)\n• Vắng có lý do: 2\n\nGửi báo cáo này?"
CHOICES = ((("Gửi", "send:1:2"), ("Sửa", "change:1:2")), (("Hủy", "cancel:1:2"),))
OVERVIEW = "Tổng hợp tháng 3/2026: {done}/69 chi bộ đã báo cáo.\nChưa báo cáo: CB05, CB06, CB07."
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63b8faecff7f00097003d7"
    "9c9c9a4b0000000049454e44ae426082"
)


class Script:
    """Answers as the real core would; the office's overview is edited in place when a report is sent."""

    def __init__(self) -> None:
        self.done = 3
        self.overview = ""

    async def __call__(self, core, incoming) -> None:
        await core.channel.answer(incoming)
        if incoming.kind == "press":
            await self.pressed(core, incoming)
        elif incoming.kind == "file":
            await core.say(incoming.address, f"Đã nhận tệp {incoming.file_name}.")
        elif incoming.text == "/tonghop":
            self.overview = await core.say(incoming.address, OVERVIEW.format(done=self.done))
        elif incoming.text == "/baocao":
            await self.report(core, incoming.address)
        elif "họp" in incoming.text:
            await core.channel.send(Outgoing(incoming.address, DRAFT, CHOICES))
        else:
            await core.say(incoming.address, QUESTION, [("Đã họp", "held:1"), ("Chưa họp", "not:1")])

    async def pressed(self, core, incoming) -> None:
        if not incoming.action.startswith("send"):
            await core.say(incoming.address, "Đã ghi nhận.")
            return
        self.done += 1
        await core.channel.edit(Outgoing(incoming.address, f"{DRAFT}\n\n✓ Đã gửi."), incoming.message_id)
        await core.say(incoming.address, "Đã nhận báo cáo tháng 3. Cảm ơn đồng chí.")
        if self.overview:
            await core.channel.edit(Outgoing("vp", OVERVIEW.format(done=self.done)), self.overview)

    async def report(self, core, address) -> None:
        name = "Báo cáo quý I năm 2026.docx"
        await core.channel.send(Outgoing(address, "Bản thảo báo cáo quý I.", file=File(name, b"PK" * 9000, "app/docx")))
        await core.channel.send(Outgoing(address, "", file=File("biểu đồ.png", PIXEL, "image/png")))
