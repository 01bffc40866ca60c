import { mount } from 'svelte';
import './style/fonts.css';
import './style/tokens.css';
import './style/base.css';
import { speakEnglish } from './locale/english';
import App from './views/App.svelte';

speakEnglish();
const target = document.getElementById('app');
if (target) mount(App, { target });
