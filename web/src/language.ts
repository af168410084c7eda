// The page's language, and words that only scripts say.
export const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

const WORDS = {
  copy: { en: "Copy", zh: "复制" },
  copied: { en: "Copied", zh: "已复制" },
  sort: { en: "Sort by", zh: "排序：" },
  options: { en: "{} names fit", zh: "有 {} 个名称相符" },
  failed: { en: "The server did not answer.", zh: "服务器没有应答。" },
  editor: { en: "SPARQL editor", zh: "SPARQL 编辑器" },
} as const;

export function say(key: keyof typeof WORDS, value = ""): string {
  return WORDS[key][language].replace("{}", value);
}
