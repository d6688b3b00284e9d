import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiUrl, previewUrl, type StackConfig } from '../config.ts'

export type BrowserConfig = { apiUrl: string; publishableKey: string; previewUrl: string; version: string }

export function browserConfig(config: StackConfig): BrowserConfig {
  return {
    apiUrl: apiUrl(config),
    publishableKey: config.keys.publishable,
    previewUrl: previewUrl(config),
    version: versionOf(config.rootDir),
  }
}

function versionOf(rootDir: string): string {
  return (JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')) as { version: string }).version
}

/** The build knows no addresses: each page is told them when it is served. */
export function withConfig(html: string, config: BrowserConfig): string {
  const json = JSON.stringify(config).replaceAll('<', '\\u003c')
  const block = `<script type="application/json" id="baton-config">${json}</script>`
  return html.replace('</head>', () => `${block}</head>`)
}
