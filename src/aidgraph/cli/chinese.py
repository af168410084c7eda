"""Help and mistakes of use in Chinese, where click has English only."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COMMANDS: Mapping[str, str] = {
    "aidgraph": "查询对口援疆的事实，并看到每个答案所依据的句子。",
    "ask": "回答项目中的一个问题：写其名称，或用自己的话写一句。\n\n"
    "句子要放在引号中：aidgraph ask '广东在喀什做了什么?' 两者都不写则列出全部问题。",
    "build": "检查项目数据并构建数据集：要么全部完成，要么不动。",
    "check": "让项目数据通过每道检查；不构建任何内容。",
    "export": "导出数据集供其他程序使用，连同依据与授权说明。\n\n"
    "格式：nq、trig、nt、ttl、ttl12（Turtle 1.2）、jsonld、rdf（RDF/XML）；csv 与 parquet"
    "（单个文件为全部事实；写入文件夹或 .zip 时另有每类一表）；graphml。"
    "后缀 .gz 或 .zst 则压缩。",
    "load": "将数据集加载到 ENDPOINT 处的存储，并核对是否如数到达。\n\n"
    "只改动 https://w3id.org/aidgraph/ 之下的图。用户取自 AIDGRAPH_USER 与 AIDGRAPH_PASSWORD、"
    "AIDGRAPH_TOKEN 或 ~/.netrc。",
    "mcp": "经标准输入输出回答智能体：模型上下文协议（MCP）。\n\n"
    "其工具可查找并提出问题、给出答案所依据的句子、介绍事物、回答 SPARQL。只允许读取。"
    "客户端如何配置，见 docs/agents.md。",
    "passages": "列出 ARTICLE（文章名称或其一部分）的句段，及各载有什么。",
    "queries": "列出可以提的问题及其参数。",
    "query": "回答一条 SPARQL 1.1 查询：来自 FILE、标准输入（-）或 -e。\n\n"
    "SELECT 与 ASK 得出表格，CONSTRUCT 与 DESCRIBE 得出 Turtle 或 JSON-LD。"
    "不接受更新与 SERVICE。",
    "review": "将 ARTICLE（文章名称或其一部分）中读过的 PASSAGE 锁定；"
    "不写 PASSAGE 则锁定全部有事实的句段。\n\n"
    "锁是该句段在图中所述内容的哈希，存于文章的 review.ttl；"
    "事实一有改动即解锁。",
    "serve": "以 HTTP 作答：问题、SPARQL、图、事物与网页，直到 Ctrl-C。\n\n"
    "只允许读取。他人可以访问时，每位访客有一定限额，见 /limits。",
    "show": "给出 NAME（名称、代码、CURIE 或 IRI）的一切已知事实，各附所依据的句子。\n\n"
    "名称可指多者时，逐一列出；句段写作 p12.2 或 article:文章/p12.2。",
}
"""What each command does."""

OPTIONS: Mapping[str, str] = {
    "all_evidence": "给出全部依据，大组不取样（含 --why）。",
    "allow_host": "服务器在 localhost 之外使用的主机名；可多次给出。",
    "bom": "在 CSV 开头写上标记，使 Excel 认出中文。",
    "endpoint": "存有数据集的存储的 SPARQL 端点，代替项目自己的数据集。",
    "dry_run": "只说明将做什么；不写入任何内容。",
    "host": "监听的地址；默认 127.0.0.1。",
    "execute": "查询本身，代替文件。",
    "fail_on": "使退出状态为 1 的最低级别；默认 violation。",
    "form": "格式；不写则由 -o 的后缀决定。",
    "lang": "标签与消息的语言；不写则按 AIDGRAPH_LANG，再按区域设置。",
    "layout": "每句的事实各为一图（quads），或合为一图、旁附出处（triples）。",
    "log": "每个请求在标准错误写一行。",
    "manifest": "另写一个 JSON 文件：数量、哈希、授权与引用方式。",
    "memory": "一个工作进程的内存（MB）。",
    "mode": "替换上次加载的内容（replace），或保留它（add）。",
    "output": "要写入的文件，要么写完要么不动；不写则为标准输出。",
    "port": "监听的端口；0 则任取空闲者；默认 8000。",
    "project": "项目文件夹；不写则取此处或上层最近的，再取随程序安装的数据。",
    "public": "在本机上也按对陌生人的限额运行。",
    "reader": "审读人。",
    "rows": "一个答案至多几行。",
    "scope": "导出数据集的多少；默认 all。",
    "resume": "从中途停下的加载处继续。",
    "store": "存储的种类；不写则询问服务器。",
    "timeout": "一个答案至多用几秒；默认 10。",
    "verify": "如何核对所到内容：计数、哈希，或逐一比对问题的答案。",
    "version": "显示版本并退出。",
    "workers": "工作进程数；不写则每核一个。",
    "why": "给出每一行的依据。",
}
"""What each option is for, by its parameter's name: it means the same wherever it stands."""

_HEADINGS = {"Options": "选项", "Commands": "命令", "Questions": "问题"}
_PHRASES = {"Show this message and exit.": "显示此帮助并退出。", "[required]": "（必填）"}


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        del prefix
        super().write_usage(prog, args, "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        spoken = [*rows]
        for english, chinese in _PHRASES.items():
            spoken = [(term, text.replace(english, chinese)) for term, text in spoken]
        super().write_dl(spoken, col_max, col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


def in_chinese(command: click.Command, text: str | None = None) -> click.Command:
    """Return the command with its help in Chinese: `text`, or its own where that is None."""
    spoken = copy(command)
    spoken.context_class = _Context
    spoken.help = text or command.help
    spoken.epilog = (command.epilog or "").replace("Example: ", "示例：")
    spoken.params = [_option_in_chinese(each) for each in command.params]
    return spoken


def _option_in_chinese(option: click.Parameter) -> click.Parameter:
    if not isinstance(option, click.Option) or option.name not in OPTIONS:
        return option
    spoken = copy(option)
    spoken.help, spoken.show_default = OPTIONS[option.name], False
    return spoken


def show_mistake(error: click.ClickException) -> str:
    """Return what is wrong with a command line: how it is used, where help is, and the mistake."""
    lines = []
    context = getattr(error, "ctx", None)
    if isinstance(context, click.Context):
        if error.message == context.get_help():  # asked for nothing, click shows all there is
            return error.message
        lines.append(context.get_usage())
        lines.append(f"用“{context.command_path} --help”查看帮助。\n")
    return "\n".join([*lines, f"错误：{_name_mistake(error)}"])


def _name_mistake(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        nearest = f"最接近的有：{'、'.join(error.possibilities)}。" if error.possibilities else ""
        return f"没有选项 {error.option_name}。{nearest}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 用法有误：是否缺少值，或多了值？"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _name_value(error, error.param)
    if error.message == "Missing command.":
        return "缺少命令。"
    if error.message.startswith("Got unexpected extra argument"):
        return f"多了参数：{error.message.partition('(')[2].removesuffix(')')}。"
    return f"命令有误（{error.message}）。"


def _name_value(error: click.BadParameter, param: click.Parameter) -> str:
    name = param.opts[-1] if isinstance(param, click.Option) else param.human_readable_name
    if isinstance(error, click.MissingParameter):
        return f"缺少 {name}。"
    wanted = error.message
    if isinstance(param.type, click.Choice):
        wanted = f"可取 {'、'.join(map(str, param.type.choices))}"
    elif param.type is click.FLOAT:
        wanted = "请给出一个数"
    elif isinstance(param.type, click.Path):
        wanted = "文件夹与文件不可混用"
    return f"{name} 的值无效：{wanted}。"
